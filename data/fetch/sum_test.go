package fetch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestSumFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, []byte("abc"), 0o644); err != nil {
		t.Fatal(err)
	}
	// The example of FIPS 180-2, appendix B.1.
	want := Sum{SHA256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Size: 3}
	if got, err := SumFile(t.Context(), path); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := SumFile(t.Context(), path+"x"); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	cancel(why)
	if _, err := SumFile(ctx, path); !errors.Is(err, why) {
		t.Error(err)
	}
}
