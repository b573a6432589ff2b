package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// loop is a kernel that goes over arrays of n elements, eight at a time: n is a multiple of 8,
// and not 0.
type loop struct {
	name, arguments string
	doc             string
	// begin loads what stays in registers, and returns what to do with the eight elements from
	// the byte that i counts on, and what to do at the end.
	begin func(a assembler) (step func(i reg.Register), end func())
}

func (l loop) write(a assembler) {
	a.begin(l.name, "n int, "+l.arguments, l.doc)
	n := a.argument("n")
	a.SHLQ(Imm(2), n)
	step, end := l.begin(a)
	i := a.GP64()
	a.XORQ(i, i)
	a.Label("eight")
	step(i)
	a.ADDQ(Imm(32), i)
	a.CMPQ(i, n)
	a.JLT(LabelRef("eight"))
	if end != nil {
		end()
	}
	a.VZEROUPPER()
	a.RET()
}

// number spreads an argument over a register.
func (a assembler) number(name string) reg.VecVirtual {
	b, err := a.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	v := a.vector()
	a.VBROADCASTSS(b.Addr, v)
	return v
}

var biasRelu = loop{
	name: "biasRelu", arguments: "o, bias *float32",
	doc: "is o = max(o + bias, 0). NaN stays, and no zero is negative.",
	begin: func(a assembler) (func(reg.Register), func()) {
		o, bias, zero := a.argument("o"), a.argument("bias"), a.vector()
		a.zero(zero)
		return func(i reg.Register) {
			x := a.vector()
			a.VMOVUPS(at(o, i, 0), x)
			a.VADDPS(at(bias, i, 0), x, x)
			a.VMAXPS(x, zero, x)
			a.VADDPS(zero, x, x)
			a.VMOVUPS(x, at(o, i, 0))
		}, nil
	},
}

var gate = loop{
	name: "gate", arguments: "out, x, h *uint32",
	doc: "is out = x where not h ≤ 0, else 0.",
	begin: func(a assembler) (func(reg.Register), func()) {
		out, x, h, zero := a.argument("out"), a.argument("x"), a.argument("h"), a.vector()
		a.zero(zero)
		const notLessOrEqual = 6
		return func(i reg.Register) {
			v := a.vector()
			a.VMOVUPS(at(h, i, 0), v)
			a.VCMPPS(Imm(notLessOrEqual), zero, v, v)
			a.VANDPS(at(x, i, 0), v, v)
			a.VMOVUPS(v, at(out, i, 0))
		}, nil
	},
}

var addScaled = loop{
	name: "addScaled", arguments: "out, x, y *float32, s float32",
	doc: "is out = x + s y.",
	begin: func(a assembler) (func(reg.Register), func()) {
		out, x, y, s := a.argument("out"), a.argument("x"), a.argument("y"), a.number("s")
		return func(i reg.Register) {
			v := a.vector()
			a.VMULPS(at(y, i, 0), s, v)
			a.VADDPS(at(x, i, 0), v, v)
			a.VMOVUPS(v, at(out, i, 0))
		}, nil
	},
}

var scale = loop{
	name: "scale", arguments: "out, x *float32, s float32",
	doc: "is out = s x.",
	begin: func(a assembler) (func(reg.Register), func()) {
		out, x, s := a.argument("out"), a.argument("x"), a.number("s")
		return func(i reg.Register) {
			v := a.vector()
			a.VMULPS(at(x, i, 0), s, v)
			a.VMOVUPS(v, at(out, i, 0))
		}, nil
	},
}

var multiply = loop{
	name: "multiply", arguments: "out, x, y *float32",
	doc: "is out = x y.",
	begin: func(a assembler) (func(reg.Register), func()) {
		out, x, y := a.argument("out"), a.argument("x"), a.argument("y")
		return func(i reg.Register) {
			v := a.vector()
			a.VMOVUPS(at(x, i, 0), v)
			a.VMULPS(at(y, i, 0), v, v)
			a.VMOVUPS(v, at(out, i, 0))
		}, nil
	},
}

var multiplyAdd = loop{
	name: "multiplyAdd", arguments: "out, x, y, z *float32",
	doc: "is out = x + y z.",
	begin: func(a assembler) (func(reg.Register), func()) {
		out, x, y, z := a.argument("out"), a.argument("x"), a.argument("y"), a.argument("z")
		return func(i reg.Register) {
			v := a.vector()
			a.VMOVUPS(at(y, i, 0), v)
			a.VMULPS(at(z, i, 0), v, v)
			a.VADDPS(at(x, i, 0), v, v)
			a.VMOVUPS(v, at(out, i, 0))
		}, nil
	},
}

var mix = loop{
	name: "mix", arguments: "out, f, h *float32, beta float32",
	doc: "is out = h + β (f − h).",
	begin: func(a assembler) (func(reg.Register), func()) {
		out, f, h, beta := a.argument("out"), a.argument("f"), a.argument("h"), a.number("beta")
		return func(i reg.Register) {
			x, y := a.vector(), a.vector()
			a.VMOVUPS(at(h, i, 0), y)
			a.VMOVUPS(at(f, i, 0), x)
			a.VSUBPS(y, x, x)
			a.VMULPS(beta, x, x)
			a.VADDPS(x, y, x)
			a.VMOVUPS(x, at(out, i, 0))
		}, nil
	},
}

var dotDifference = loop{
	name: "dotDifference", arguments: "out, f, h *float32, r *[8]float64",
	doc: "is r += out (f − h), in double precision and in eight lanes: element i goes to lane i mod 8.",
	begin: func(a assembler) (func(reg.Register), func()) {
		out, f, h, r := a.argument("out"), a.argument("f"), a.argument("h"), a.argument("r")
		sums := a.vectors(2) // of four lanes each
		for j, s := range sums {
			a.VMOVUPD(at(r, nil, 32*j), s)
		}
		step := func(i reg.Register) {
			for j, s := range sums {
				x, y, four := a.vector(), a.vector(), 16*j
				a.VCVTPS2PD(at(f, i, four), x)
				a.VCVTPS2PD(at(h, i, four), y)
				a.VSUBPD(y, x, x)
				a.VCVTPS2PD(at(out, i, four), y)
				a.VMULPD(x, y, x)
				a.VADDPD(x, s, s)
			}
		}
		return step, func() {
			for j, s := range sums {
				a.VMOVUPD(s, at(r, nil, 32*j))
			}
		}
	},
}
