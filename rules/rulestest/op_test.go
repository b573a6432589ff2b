package rulestest_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules/rulestest"
)

// cube is c = a³ as an op of one's own.
func cube(b *op.Builder, x *G.Node) op.Primitive {
	return op.Primitive{
		Kind: "Cube", Shape: x.Shape(), F32: cubes[float32], F64: cubes[float64],
		Grad: func(_ int, _, g *G.Node) *G.Node { return b.Scale(b.Mul(g, b.Mul(x, x)), 3) },
		Over: []int{0},
	}
}

func cubes[F float32 | float64](out []F, in [][]F) {
	for i, x := range in[0] {
		out[i] = x * x * x
	}
}

// opOf is a cube with something changed.
func opOf(change func(b *op.Builder, x *G.Node, p *op.Primitive)) rulestest.Op {
	return rulestest.Op{Name: "cube", Shapes: [][]int{{3, 4}}, Build: func(b *op.Builder, in []*G.Node) *G.Node {
		p := cube(b, in[0])
		if change != nil {
			change(b, in[0], &p)
		}
		return b.Define(p, in[0])
	}}
}

// TestOpFaults shows that CheckOp passes what is right, and fails on what is wrong by the check
// that is meant for it.
func TestOpFaults(t *testing.T) {
	if found := rulestest.OpFaults(opOf(nil), rulestest.Options{}); len(found) > 0 {
		t.Errorf("%v: want nothing", found)
	}
	constant := opOf(func(_ *op.Builder, _ *G.Node, p *op.Primitive) {
		sign := func(out []float64, in [][]float64) {
			for i, x := range in[0] {
				out[i] = math.Copysign(1, x)
			}
		}
		p.F64, p.Grad, p.Fixed = sign, nil, []bool{true}
		p.F32 = func(out []float32, in [][]float32) {
			for i, x := range in[0] {
				out[i] = float32(math.Copysign(1, float64(x)))
			}
		}
	})
	constant.Fixed = []int{0}
	if found := rulestest.OpFaults(constant, rulestest.Options{}); len(found) > 0 {
		t.Errorf("%v: want nothing", found)
	}
	runs := 0.0
	for name, c := range map[string]struct {
		want   string
		change func(b *op.Builder, x *G.Node, p *op.Primitive)
	}{
		"no kernel": {"shapes: ", func(_ *op.Builder, _ *G.Node, p *op.Primitive) { p.F32 = nil }},
		"derivative off by a millionth": {"derivative: order 1", func(b *op.Builder, x *G.Node, p *op.Primitive) {
			p.Grad = func(_ int, _, g *G.Node) *G.Node { return b.Scale(b.Mul(g, b.Mul(x, x)), 3+3e-6) }
		}},
		"claimed constant": {"derivative: order 1", func(_ *op.Builder, _ *G.Node, p *op.Primitive) { p.Fixed = []bool{true} }},
		"derivative without a derivative": {"derivative: order 2", func(b *op.Builder, x *G.Node, p *op.Primitive) {
			p.Grad = func(_ int, _, g *G.Node) *G.Node { return b.Scale(b.Mul(g, b.StopGradient(b.Mul(x, x))), 3) }
		}},
		"derivative that is nil": {"shapes: float64: cannot run: derivative of Cube", func(_ *op.Builder, _ *G.Node, p *op.Primitive) {
			p.Grad = func(int, *G.Node, *G.Node) *G.Node { return nil }
		}},
		"writes to its operand": {"inputs: ", func(_ *op.Builder, _ *G.Node, p *op.Primitive) {
			p.F64 = func(out []float64, in [][]float64) {
				cubes(out, in)
				in[0][2] = 0
			}
		}},
		"remembers": {"determinism: ", func(_ *op.Builder, _ *G.Node, p *op.Primitive) {
			p.F64 = func(out []float64, in [][]float64) {
				cubes(out, in)
				runs++
				out[1] += runs
			}
		}},
		"not over its operand": {"determinism: Planned, over its operands", func(b *op.Builder, x *G.Node, p *op.Primitive) {
			// c = a³ back to front: element j is read after it has been written.
			p.F64 = func(out []float64, in [][]float64) {
				for i := range out {
					v := in[0][len(out)-1-i]
					out[i] = v * v * v
				}
			}
			p.Grad = nil
			p.Fixed = []bool{true}
		}},
		"float32 is something else": {"float32: ", func(_ *op.Builder, _ *G.Node, p *op.Primitive) {
			p.F32 = func(out []float32, in [][]float32) { copy(out, in[0]) }
		}},
		"NaN to zero": {"NaN: ", func(_ *op.Builder, _ *G.Node, p *op.Primitive) {
			p.F64 = func(out []float64, in [][]float64) {
				cubes(out, in)
				for i, v := range out {
					if math.IsNaN(v) {
						out[i] = 0
					}
				}
			}
		}},
		"panics": {"shapes: building: panic: ouch", func(*op.Builder, *G.Node, *op.Primitive) { panic("ouch") }},
	} {
		found := rulestest.OpFaults(opOf(c.change), rulestest.Options{})
		if !slices.ContainsFunc(found, func(f rulestest.Finding) bool { return strings.HasPrefix(f.String(), c.want) }) {
			t.Errorf("%s: %v: want a finding %q", name, found, c.want)
		}
		rec := &recorder{}
		rulestest.CheckOp(rec, opOf(c.change), rulestest.Options{})
		if !rec.failed {
			t.Errorf("%s: CheckOp reports nothing", name)
		}
	}
	silent := opOf(func(_ *op.Builder, _ *G.Node, p *op.Primitive) { p.Fixed = []bool{true} })
	silent.Fixed = []int{0}
	if found := rulestest.OpFaults(silent, rulestest.Options{}); len(found) == 0 || found[0].Check != "derivative" {
		t.Errorf("%v: want a finding about a derivative that is said to be zero", found)
	}
	moving := opOf(nil)
	moving.Fixed = []int{0}
	if found := rulestest.OpFaults(moving, rulestest.Options{}); len(found) == 0 || !strings.Contains(found[0].Message, "operand 0 is Fixed, and the op has a derivative") {
		t.Errorf("%v: want a finding about an operand that is said to be Fixed", found)
	}
	if found := rulestest.OpFaults(rulestest.Op{}, rulestest.Options{}); len(found) != 1 {
		t.Errorf("%v: want one finding about an op without anything", found)
	}
	if found := rulestest.OpFaults(opOf(nil), rulestest.Options{Halvings: 1}); len(found) != 1 || found[0].Check != "options" {
		t.Errorf("%v: want one finding about options", found)
	}
}
