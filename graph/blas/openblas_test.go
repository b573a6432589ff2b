//go:build (amd64 || arm64) && ((linux && !android) || darwin || (freebsd && cgo))

package blas

import (
	"errors"
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
	text := from(variable, err).Error()
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
	if strings.Contains(err.Error(), variable+"=openblas") {
		t.Errorf("the memoised error was changed: %v", err)
	}
}

// A shared object that is no OpenBLAS is told from one that is absent.
func TestOtherLibrary(t *testing.T) {
	name := map[string]string{"linux": "libc.so.6", "freebsd": "libc.so.7", "darwin": "/usr/lib/libSystem.B.dylib"}[runtime.GOOS]
	_, err := openOpenBLAS([]string{name})
	if wrong := (*InterfaceError)(nil); !errors.As(err, &wrong) || wrong.Have != "no function sgemm_" {
		t.Errorf("have %v, want an InterfaceError for sgemm_", err)
	}
}
