// Kernelgen writes the assembly of package op: tiles for AVX2 and for AVX-512, each from one
// description, loops for AVX2, every kernel in a file of its name; and the declarations of all.
//
//	go generate ./graph/op
//
// Structs that kernels take are those of arguments_amd64.go, from which it takes the places of
// their fields. A test asks whether what is committed is what it writes.
package main

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("kernelgen: ")
	dir := flag.String("dir", ".", "the folder of package op")
	flag.Parse()
	files, err := generate(*dir)
	if err != nil {
		log.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(*dir, name), text, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// argumentsFile declares the structs that kernels take, in package op.
const argumentsFile = "arguments_amd64.go"

// sets are all that there are kernels for.
var sets = []set{avx2, avx512}

// kernels are all of them: a file for each, of a kernel or of one for several numbers of rows,
// and the sets that it is made for. Loops wait for memory: a processor with AVX-512 runs those
// for AVX2.
var kernels = []struct {
	file  string
	sets  []set
	write func(a assembler)
}{
	{"bias_relu", sets[:1], biasRelu.write},
	{"gate", sets[:1], gate.write},
	{"add_scaled", sets[:1], addScaled.write},
	{"scale", sets[:1], scale.write},
	{"multiply", sets[:1], multiply.write},
	{"multiply_add", sets[:1], multiplyAdd.write},
	{"mix", sets[:1], mix.write},
	{"dot_difference", sets[:1], dotDifference.write},
	{"product_tile", sets, productTiles},
	{"dot_tile", sets, dotTile},
	{"oja_step_tile", sets, ojaStepTiles},
	{"oja_back_tile", sets, ojaBackTiles},
	{"peak", sets, peak},
}

// declarations is the file of the kernels' declarations.
const declarations = "assembly_amd64.go"

var printed = printer.Config{Name: "kernelgen (go generate ./graph/op)", Pkg: "op"}

// generate returns the files to write into the folder of package op, by their names.
func generate(dir string) (map[string][]byte, error) {
	arguments, err := readArguments(filepath.Join(dir, argumentsFile))
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	all := ir.NewFile()
	for _, k := range kernels {
		c := build.NewContext()
		for _, s := range k.sets {
			k.write(assembler{c, s, arguments})
		}
		f, err := compile(c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k.file, err)
		}
		if files[k.file+"_amd64.s"], err = printer.NewGoAsm(printed).Print(f); err != nil {
			return nil, fmt.Errorf("%s: %w", k.file, err)
		}
		for _, fn := range f.Functions() {
			all.AddSection(fn)
		}
	}
	files[declarations], err = printer.NewStubs(printed).Print(all)
	return files, err
}

// readArguments is a package of the types that a file declares.
func readArguments(path string) (*types.Package, error) {
	positions := token.NewFileSet()
	file, err := parser.ParseFile(positions, path, nil, 0)
	if err != nil {
		return nil, err
	}
	conf := types.Config{Sizes: gotypes.Sizes}
	return conf.Check("op", positions, []*ast.File{file}, nil)
}

// compile gives registers to functions, and makes sure that each is of the set in its name.
func compile(c *build.Context) (*ir.File, error) {
	f, err := c.Result()
	if err != nil {
		return nil, err
	}
	if err := pass.Compile.Execute(f); err != nil {
		return nil, err
	}
	for _, fn := range f.Functions() {
		i := slices.IndexFunc(sets, func(s set) bool { return strings.HasSuffix(fn.Name, s.name) })
		if i < 0 {
			return nil, fmt.Errorf("%s is of no set", fn.Name)
		}
		if err := sets[i].check(fn); err != nil {
			return nil, err
		}
	}
	return f, nil
}
