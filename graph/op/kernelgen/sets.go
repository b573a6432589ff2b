package main

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// set is an instruction set that kernels are made for.
type set struct {
	name      string   // that functions end in
	lanes     int      // float32 in a register
	registers int      // that there are
	across    int      // registers that a row of a tile lies in
	dotRows   int      // rows of a tile of inner products
	dotCols   int      // and its columns
	needs     []string // extensions that processorSets of package op asks for
}

var (
	avx2 = set{
		name: "AVX2", lanes: 8, registers: 16, across: 2, dotRows: 2, dotCols: 3,
		needs: []string{"AVX", "AVX2", "FMA3", "SSE2", "MMX+"},
	}
	avx512 = set{
		name: "AVX512", lanes: 16, registers: 32, across: 4, dotRows: 4, dotCols: 6,
		needs: []string{"AVX", "AVX2", "FMA3", "SSE2", "MMX+", "AVX512F", "AVX512DQ", "AVX512BW", "AVX512VL"},
	}
)

// block is how many columns a tile has.
func (s set) block() int { return s.lanes * s.across }

// bytes is the size of a register.
func (s set) bytes() int { return 4 * s.lanes }

// assembler writes one function for one set.
type assembler struct {
	*build.Context
	set
	arguments *types.Package // that signatures name types of
}

// begin starts a function for the set, and says of it what follows its name.
func (a assembler) begin(name, arguments string, doc ...string) {
	s, err := gotypes.ParseSignatureInPackage(a.arguments, "func("+arguments+")")
	if err != nil {
		panic(fmt.Errorf("%s: %w", name, err)) // the description is wrong
	}
	a.Function(name + a.name)
	a.Attributes(attr.NOSPLIT)
	a.Signature(s)
	a.Pragma("noescape")
	a.Doc(append([]string{name + a.name + " " + doc[0]}, doc[1:]...)...)
}

// vector is a new register.
func (a assembler) vector() reg.VecVirtual {
	if a.lanes == avx512.lanes {
		return a.ZMM()
	}
	return a.YMM()
}

// vectors are n new registers.
func (a assembler) vectors(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n)
	for i := range v {
		v[i] = a.vector()
	}
	return v
}

// zero clears a register.
func (a assembler) zero(v reg.VecVirtual) {
	if a.lanes == avx512.lanes {
		a.VPXORD(v, v, v)
	} else {
		a.VXORPS(v, v, v)
	}
}

// argument loads an argument of the function, a pointer or an integer.
func (a assembler) argument(name string) reg.Register { return a.Load(a.Param(name), a.GP64()) }

// check is an error for a compiled function that uses what its set does not have.
func (s set) check(f *ir.Function) error {
	for _, x := range f.ISA {
		if !slices.Contains(s.needs, x) {
			return fmt.Errorf("%s needs %s, which is not of %s", f.Name, x, s.name)
		}
	}
	for _, i := range f.Instructions() {
		for _, r := range i.Registers() {
			if p := reg.ToPhysical(r); p != nil && r.Kind() == reg.KindVector && int(p.PhysicalIndex()) >= s.registers {
				return fmt.Errorf("%s: more than the %d registers of %s in use: %s has %s", f.Name, s.registers, s.name, i.Opcode, r.Asm())
			}
		}
	}
	return nil
}

// at is a place in an array: displacement and index are in bytes.
func at(base reg.Register, index reg.Register, disp int) Mem {
	m := Mem{Base: base, Disp: disp}
	if index != nil {
		m.Index, m.Scale = index, 1
	}
	return m
}
