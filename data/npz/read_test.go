package npz

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGoldenShapes(t *testing.T) {
	arrays, err := Read(filepath.Join(golden, "reg-oja-error-synapse", "inputs.npz"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]int{
		"W0": {16, 11}, "b0": {16}, "B1": {12, 1}, "beta2": {1}, "alpha2": {1, 12},
		"x_support": {6, 4, 11}, "y_query": {10, 1},
	} {
		if a := arrays[name]; !slices.Equal(a.Shape, want) || a.Float32 {
			t.Errorf("%s: shape %v, float32 %v; want %v of float64", name, a.Shape, a.Float32, want)
		}
	}
}

func TestElementTypes(t *testing.T) {
	for _, c := range []struct {
		descr string
		data  []byte
		want  []float64
	}{
		{"<f8", []byte{0, 0, 0, 0, 0, 0, 0xf8, 0x3f}, []float64{1.5}},
		{">f8", []byte{0x3f, 0xf8, 0, 0, 0, 0, 0, 0}, []float64{1.5}},
		{"<f4", []byte{0, 0, 0xc0, 0x3f}, []float64{1.5}},
		{">f4", []byte{0x3f, 0xc0, 0, 0}, []float64{1.5}},
		{"|i1", []byte{0xff, 2}, []float64{-1, 2}},
		{"|u1", []byte{0xff, 2}, []float64{255, 2}},
		{"<i2", []byte{0xfe, 0xff}, []float64{-2}},
		{">u2", []byte{1, 0}, []float64{256}},
		{"<i4", []byte{0xfd, 0xff, 0xff, 0xff}, []float64{-3}},
		{"<u4", []byte{0xff, 0xff, 0xff, 0xff}, []float64{1<<32 - 1}},
		{"<i8", []byte{0, 0, 0, 0, 0, 0, 0x20, 0}, []float64{1 << 53}},
		{"<i8", []byte{0, 0, 0, 0, 0, 0, 0xe0, 0xff}, []float64{-1 << 53}},
		{">u8", []byte{0, 0, 0, 0, 0, 0, 1, 1}, []float64{257}},
		{"|b1", []byte{1, 0, 1}, []float64{1, 0, 1}},
	} {
		n := fmt.Sprintf("(%d,)", len(c.want))
		got, err := decode(archive(t, entry{name: "a.npy", deflate: true, body: npy(dict(c.descr, "False", n), c.data...)}))
		want := map[string]Array{"a": {Shape: []int{len(c.want)}, Data: c.want, Float32: c.descr[1:] == "f4"}}
		if err != nil {
			t.Errorf("%s: %v", c.descr, err)
		} else if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.descr, d)
		}
	}
}

func TestFortranOrder(t *testing.T) {
	// Element [i,j,k] of a 2×3×4 array is 100i+10j+k, with i fastest in the file.
	var data []byte
	var want []float64
	for k := range 4 {
		for j := range 3 {
			for i := range 2 {
				data = append(data, byte(100*i+10*j+k))
			}
		}
	}
	for i := range 2 {
		for j := range 3 {
			for k := range 4 {
				want = append(want, float64(100*i+10*j+k))
			}
		}
	}
	got, err := decode(archive(t, entry{name: "a.npy", body: npy(dict("|u1", "True", "(2, 3, 4)"), data...)},
		entry{name: "none.npy", body: npy(dict("<f8", "True", "(3, 0)"))}))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got["a"].Data); d != "" {
		t.Error(d)
	}
	if len(got["none"].Data) != 0 {
		t.Error("an empty array has elements")
	}
}

func TestHeaderVariants(t *testing.T) {
	v2 := append([]byte(magic), 2, 0)
	head := dict("|u1", "False", "(1,)")
	v2 = binary.LittleEndian.AppendUint32(v2, uint32(len(head)))
	v2 = append(append(v2, head...), 7)
	for name, body := range map[string][]byte{
		"version 2":  v2,
		"order":      npy(`{"shape":(1,),"fortran_order":False,"descr":"|u1"}`, 7),
		"python 2":   npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1L,), }", 7),
		"two values": npy("{'descr': '|u1', 'fortran_order': False, 'shape': ( 1 , 1 ) }   \n", 7),
	} {
		got, err := decode(archive(t, entry{name: "a.npy", body: body}))
		if err != nil || len(got["a"].Data) != 1 || got["a"].Data[0] != 7 {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestReadNamesTheFile(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing.npz")
	if _, err := Read(missing); !errors.Is(err, os.ErrNotExist) || strings.Count(err.Error(), missing) != 1 {
		t.Error(err)
	}
	if _, err := Read(dir); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), dir) {
		t.Error(err)
	}
	path := filepath.Join(dir, "strings.npz")
	bad := archive(t, entry{name: "labels.npy", body: npy(dict("<U1", "False", "(1,)"), 0, 0, 0, 0)})
	if err := os.WriteFile(path, bad, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Read(path)
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Path != path || e.Array != "labels" || !errors.Is(err, ErrType) {
		t.Error(err)
	}
}
