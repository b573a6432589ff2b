package op

import (
	"fmt"

	G "gorgonia.org/gorgonia"
)

// Clamp keeps each element between two bounds, which may be infinite. Its slope is 1 from one bound to the
// other, both included, and 0 outside.
//
//	c = min(max(a, low), high),   low ≤ high constants
//
// a receives Within(g, a, low, high). NaN stays NaN.
func (b *Builder) Clamp(x *G.Node, low, high float64) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	if !(low <= high) {
		return b.fail(fmt.Errorf("Clamp to [%v, %v] (%v): want a lower bound that is not above the upper one", low, high, b.label))
	}
	return b.node(spec{
		kind:  "Clamp",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { clamp(out, in[0], float32(low), float32(high)) },
		f64:   func(out []float64, in [][]float64) { clamp(out, in[0], low, high) },
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.Within(g, x, low, high)) },
		over:  []int{0},
	}, x)
}

// Within passes an array where another of the same shape lies between two bounds, both included.
//
//	c = a ∘ [low ≤ h ≤ high]
//
// a receives Within(g, h, low, high), h nothing. The bounds are rounded to the type of the graph.
// Where h is NaN, so is c.
func (b *Builder) Within(x, h *G.Node, low, high float64) *G.Node {
	if !b.usable([]*G.Node{x, h}) {
		return nil
	}
	if !same(x.Shape(), h.Shape()) {
		return b.misfit("Within", "equal shapes", x, h)
	}
	return b.node(spec{
		kind:  "Within",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { within(out, in[0], in[1], float32(low), float32(high)) },
		f64:   func(out []float64, in [][]float64) { within(out, in[0], in[1], low, high) },
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.Within(g, h, low, high)) },
		over:  []int{0, 1},
		fixed: []bool{false, true},
	}, x, h)
}

func clamp[F float](out, x []F, low, high F) {
	x = x[:len(out)]
	for i, v := range x {
		if v < low {
			v = low
		}
		if v > high {
			v = high
		}
		out[i] = v
	}
}

func within[F float](out, x, h []F, low, high F) {
	x, h = x[:len(out)], h[:len(out)]
	for i, v := range h {
		switch {
		case v < low || v > high:
			out[i] = 0
		case v != v:
			out[i] = v
		default:
			out[i] = x[i]
		}
	}
}
