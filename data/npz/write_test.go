package npz

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

// The .npy entries of the golden cases were written by NumPy: what we write for the same
// arrays must be the same bytes.
func TestGoldenBytes(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(golden, "[cr]*", "*.npz"))
	if err != nil || len(paths) < 16 {
		t.Fatalf("%d golden archives, %v", len(paths), err)
	}
	for _, path := range paths {
		arrays, err := Read(path)
		if err != nil {
			t.Error(err)
			continue
		}
		theirs, err := zip.OpenReader(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range theirs.File {
			name := strings.TrimSuffix(f.Name, ".npy")
			b, err := Encode([]Named{{name, arrays[name]}})
			if err != nil {
				t.Fatal(err)
			}
			ours, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(unpack(t, ours.File[0]), unpack(t, f)) {
				t.Errorf("%s: %s differs from NumPy's bytes", path, name)
			}
		}
		theirs.Close()
	}
}

func unpack(t *testing.T, f *zip.File) []byte {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWriteRefuses(t *testing.T) {
	ok := Array{Shape: []int{1}, Data: []float64{1}}
	for _, c := range []struct {
		name string
		in   []Named
		kind error
		says string
	}{
		{"twice", []Named{{"a", ok}, {"a", ok}}, ErrName, "array a"},
		{"nameless", []Named{{"", ok}}, ErrName, `""`},
		{"absolute", []Named{{"/a", ok}}, ErrName, "/a"},
		{"backslash", []Named{{`a\b`, ok}}, ErrName, "relative"},
		{"suffix", []Named{{"a.npy", ok}}, ErrName, "without .npy"},
		{"long", []Named{{strings.Repeat("a", 1025), ok}}, ErrName, "1024"},
		{"zero value", []Named{{"a", Array{}}}, ErrShape, "[] holds 1 elements, there are 0"},
		{"mismatch", []Named{{"ok", ok}, {"a", Array{Shape: []int{2, 3}, Data: make([]float64, 5)}}}, ErrShape, "[2 3] holds 6 elements, there are 5"},
		{"negative", []Named{{"a", Array{Shape: []int{-1, -1}, Data: []float64{1}}}}, ErrShape, "negative"},
		{"huge", []Named{{"a", Array{Shape: []int{1 << 30}}}}, ErrSize, "at most"},
		{"inexact", []Named{{"a", Array{Shape: []int{2}, Data: []float64{1, 0.1}, Float32: true}}}, ErrValue, "element 1"},
		{"overflow", []Named{{"a", Array{Shape: []int{1}, Data: []float64{1e300}, Float32: true}}}, ErrValue, "1e+300"},
	} {
		var b bytes.Buffer
		err := Write(&b, c.in)
		if !errors.Is(err, c.kind) || !strings.Contains(fmt.Sprint(err), c.says) {
			t.Errorf("%s: got %v, want %v that says %q", c.name, err, c.kind, c.says)
		}
		if b.Len() > 0 {
			t.Errorf("%s: %d bytes were written", c.name, b.Len())
		}
	}
}

// full fails after n bytes.
type full struct{ n int }

func (f *full) Write(p []byte) (int, error) {
	if len(p) > f.n {
		return 0, io.ErrShortWrite
	}
	f.n -= len(p)
	return len(p), nil
}

func TestWriterErrors(t *testing.T) {
	b, _ := Encode(sample())
	for n := range b {
		if err := Write(&full{n}, sample()); !errors.Is(err, io.ErrShortWrite) {
			t.Fatalf("after %d bytes: %v", n, err)
		}
	}
}
