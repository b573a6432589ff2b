package graph

import (
	"strings"
	"testing"
)

func TestGuarded(t *testing.T) {
	err := Guarded(func() error { panic("a rule of somebody's") })()
	if err == nil || !strings.Contains(err.Error(), "somebody") {
		t.Errorf("error %v: want the panic", err)
	}
}
