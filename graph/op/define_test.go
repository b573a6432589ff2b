package op_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/engine"
	"metaplast/graph/op"
)

// cube is a primitive as somebody else writes one, c = a³, with something changed.
func cube(b *op.Builder, x *G.Node, change func(p *op.Primitive)) *G.Node {
	if !b.Usable(x) {
		return nil
	}
	p := op.Primitive{
		Kind: "Cube", Shape: x.Shape(), F32: cubes[float32], F64: cubes[float64],
		Grad: func(_ int, _, g *G.Node) *G.Node { return b.Scale(b.Mul(g, b.Mul(x, x)), 3) },
		Over: []int{0},
	}
	if change != nil {
		change(&p)
	}
	return b.Define(p, x)
}

func cubes[F float32 | float64](out []F, in [][]F) {
	for i, x := range in[0] {
		out[i] = x * x * x
	}
}

// TestDefine computes a primitive of somebody's own, and its derivative where it is used twice.
func TestDefine(t *testing.T) {
	b := op.New(tensor.Float64)
	x := inputs(t, b, "define", [][]int{{2, 3}})[0]
	c := b.Mul(cube(b, x, nil), cube(b, x, nil))
	g, err := engine.Grad(b, b.Dot(c, b.OnesLike(c)), x)
	if err != nil {
		t.Fatal(err)
	}
	run(t, engine.Sequential, b, c, g[0])
	for i, v := range floats(x) {
		if want, slope := math.Pow(v, 6), 6*math.Pow(v, 5); math.Abs(floats(c)[i]-want) > 1e-13*want || math.Abs(floats(g[0])[i]-slope) > 1e-13*math.Abs(slope) {
			t.Errorf("[%d]: %v with derivative %v: want %v and %v", i, floats(c)[i], floats(g[0])[i], want, slope)
		}
	}
	if k, ok := c.Op().(*op.Kernel); !ok || k.Kind() != "Mul" || op.Children(c)[0].Op().(*op.Kernel).Kind() != "Cube" {
		t.Errorf("%v of %v: want the primitive under its name", c, op.Children(c))
	}
}

// TestDefineRefuses wants an error that names what a primitive lacks.
func TestDefineRefuses(t *testing.T) {
	for _, c := range []struct {
		want   string
		change func(p *op.Primitive)
	}{
		{"field Kind is empty", func(p *op.Primitive) { p.Kind = "" }},
		{"field Shape is empty", func(p *op.Primitive) { p.Shape = nil }},
		{"field Shape is [2 0]: want sizes of at least 1", func(p *op.Primitive) { p.Shape = []int{2, 0} }},
		{"field F32 or F64 is nil", func(p *op.Primitive) { p.F32 = nil }},
		{"field F32 or F64 is nil", func(p *op.Primitive) { p.F64 = nil }},
		{"operand 0 is not Fixed: want its derivative", func(p *op.Primitive) { p.Grad = nil }},
		{"field Fixed has 2 entries: want one for each of 1 operands", func(p *op.Primitive) { p.Fixed = []bool{true, false} }},
		{"field Over names operand 1: want 0 to 0", func(p *op.Primitive) { p.Over = []int{1} }},
		{"field Over names operand 0 of 6 elements: want 2, as the result has", func(p *op.Primitive) { p.Shape = []int{2} }},
	} {
		b := op.New(tensor.Float32)
		if n := cube(b, b.Input("x", 2, 3), c.change); n != nil || b.Err() == nil || !strings.Contains(b.Err().Error(), c.want) {
			t.Errorf("%v, error %v: want none, and %q", n, b.Err(), c.want)
		}
	}
	b := op.New(tensor.Float32)
	if n := b.Define(op.Primitive{Kind: "Nothing", Shape: []int{1}}); n != nil || b.Err() == nil || !strings.Contains(b.Err().Error(), "at least one") {
		t.Errorf("%v, error %v: want one about operands", n, b.Err())
	}
	b = op.New(tensor.Float32)
	if n := cube(b, nil, nil); n != nil || b.Err() == nil {
		t.Errorf("%v, error %v: want one about a nil operand", n, b.Err())
	}
}

// TestDefineDerivative wants an error for a derivative that is none.
func TestDefineDerivative(t *testing.T) {
	for _, c := range []struct {
		want string
		grad func(b *op.Builder, g *G.Node) *G.Node
	}{
		{"by operand 0 (inner step 0, gradient of ): have nil: want a node, or the operand among Fixed", func(*op.Builder, *G.Node) *G.Node { return nil }},
		{"by operand 0: operands of shape [3 2]: want [2 3]", func(b *op.Builder, g *G.Node) *G.Node { return b.Reshape(g, 3, 2) }},
		{op.ErrForeignGraph.Error(), func(*op.Builder, *G.Node) *G.Node { return op.New(tensor.Float32).Input("y", 2, 3) }},
	} {
		b := op.New(tensor.Float32)
		x := b.Input("x", 2, 3)
		y := cube(b, x, func(p *op.Primitive) { p.Grad = func(_ int, _, g *G.Node) *G.Node { return c.grad(b, g) } })
		b.Pullback(y, b.OnesLike(y), x)
		if b.Err() == nil || !strings.Contains(b.Err().Error(), c.want) {
			t.Errorf("error %v: want %q", b.Err(), c.want)
		}
	}
}

// TestMisfit wants the op, the shapes and what would fit.
func TestMisfit(t *testing.T) {
	b := op.New(tensor.Float32)
	var e *op.ShapeError
	if n := b.Misfit("Cube", "a square", b.Input("x", 2, 3)); n != nil || !errors.As(b.Err(), &e) || e.Op != "Cube" || e.Want != "a square" || len(e.Shapes) != 1 {
		t.Errorf("%v, error %v: want a ShapeError", n, b.Err())
	}
}
