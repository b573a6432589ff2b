package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mmcloughlin/avo/build"
)

// TestCommitted asks whether the assembly beside this folder is what it is generated to be,
// byte for byte, and all the assembly that there is.
func TestCommitted(t *testing.T) {
	const dir = ".."
	files, err := generate(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(kernels)+1 {
		t.Errorf("%d files of %d kernels: want one for each, and their declarations", len(files), len(kernels))
	}
	for name, want := range files {
		have, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		} else if !bytes.Equal(have, want) {
			t.Errorf("%s is not what its description makes: run go generate ./graph/op", name)
		}
	}
	present, err := filepath.Glob(filepath.Join(dir, "*.[sh]"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range present {
		if files[filepath.Base(path)] == nil {
			t.Errorf("%s is not generated", path)
		}
	}
}

// TestArgumentsDecide moves the fields of a struct: kernels must follow.
func TestArgumentsDecide(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", argumentsFile))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(text string) map[string][]byte {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, argumentsFile), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		files, err := generate(dir)
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	const before = "type tileProduct struct {\n"
	if !strings.Contains(string(text), before) {
		t.Fatalf("%s has no %s", argumentsFile, before)
	}
	was, moved := write(string(text)), write(strings.Replace(string(text), before, before+"\tmore int\n", 1))
	for name := range was {
		product := name == "product_tile_amd64.s" || name == "dot_tile_amd64.s"
		if same := bytes.Equal(was[name], moved[name]); same == product {
			t.Errorf("%s: the same after a field has moved: %v, want %v", name, same, !product)
		}
	}
}

// TestTooMuch describes a kernel with more registers than AVX2 has, and one with an instruction
// of AVX-512.
func TestTooMuch(t *testing.T) {
	for _, c := range []struct {
		want  string
		write func(a assembler)
	}{
		{"more than the 16 registers of AVX2", func(a assembler) {
			v := a.zeros(1, 17)[0]
			for i := range v { // all alive until here
				a.VADDPS(v[i], v[i], v[i])
			}
		}},
		{"needs AVX512", func(a assembler) { v := a.ZMM(); a.VPXORD(v, v, v) }},
	} {
		a := assembler{Context: build.NewContext(), set: avx2}
		a.begin("f", "", "is too much.")
		c.write(a)
		a.RET()
		if _, err := compile(a.Context); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
}
