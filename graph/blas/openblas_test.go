//go:build (amd64 || arm64) && ((linux && !android) || darwin || (freebsd && cgo))

package blas

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestAbsentLibrary(t *testing.T) {
	_, err := openOpenBLAS([]string{"libnothere.so.0", "/nowhere/libnothere.so"})
	unusable := (*UnusableError)(nil)
	if !errors.As(err, &unusable) || len(unusable.Tried) != 2 {
		t.Fatalf("have %v", err)
	}
	text := from(Variable, err).Error()
	for _, want := range []string{
		"METAPLAST_BLAS=openblas: no usable openblas on " + runtime.GOOS + "/" + runtime.GOARCH,
		"\n\tlibnothere.so.0: ", "\n\t/nowhere/libnothere.so: ",
		"want an OpenBLAS with 32-bit integers",
		"apt-get install libopenblas0", "dnf install openblas", "brew install openblas",
		"or compute in pure Go with METAPLAST_BLAS=gonum",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("have\n%s\nwant %q in it", text, want)
		}
	}
	if strings.Contains(err.Error(), Variable+"=openblas") {
		t.Errorf("the memoised error was changed: %v", err)
	}
}

// Of two files that do not load, the one that is not there is told from the one that is. What a
// loader finds by a bare name is for the command's tests, in a process of its own.
func TestAbsentIsNotBroken(t *testing.T) {
	text := filepath.Join(t.TempDir(), "libopenblas.so.0")
	if err := os.WriteFile(text, []byte("no shared object"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := openOpenBLAS([]string{"libnothere.so.0", "/nowhere/libnothere.so", text})
	unusable := (*UnusableError)(nil)
	if !errors.As(err, &unusable) {
		t.Fatalf("have %v", err)
	}
	if broken := unusable.Broken(); len(broken) != 1 || broken[0].Path != text {
		t.Errorf("broken: %v, want %s alone", broken, text)
	}
}

// A shared object that is no OpenBLAS is told from one that is absent.
func TestOtherLibrary(t *testing.T) {
	name := map[string]string{"linux": "libc.so.6", "freebsd": "libc.so.7", "darwin": "/usr/lib/libSystem.B.dylib"}[runtime.GOOS]
	_, err := openOpenBLAS([]string{name})
	if wrong := (*InterfaceError)(nil); !errors.As(err, &wrong) || wrong.Have != "no function sgemm_" {
		t.Errorf("have %v, want an InterfaceError for sgemm_", err)
	}
	if unusable := (*UnusableError)(nil); !errors.As(err, &unusable) || len(unusable.Broken()) != 1 {
		t.Errorf("%v: want it told as broken", err)
	}
}
