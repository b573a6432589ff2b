package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestGiven(t *testing.T) {
	if err := Given(nil); err != nil {
		t.Errorf("%v of no error", err)
	}
	inner := errors.New("no such file")
	err := fmt.Errorf("--from: %w", Given(inner))
	if !errors.Is(err, inner) || !errors.As(err, new(*Input)) || err.Error() != "--from: no such file" {
		t.Errorf("%v", err)
	}
	if errors.As(inner, new(*Input)) {
		t.Error("an error that nobody marked is one of input")
	}
}
