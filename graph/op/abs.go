package op

import (
	"math"

	G "gorgonia.org/gorgonia"
)

// Abs is the absolute value of each element. Its slope at 0 is 0.
//
//	c = |a|
//
// a receives MulSign(g, a).
func (b *Builder) Abs(x *G.Node) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	return b.node(spec{
		kind:  "Abs",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { magnitudes(out, in[0]) },
		f64:   func(out []float64, in [][]float64) { magnitudes(out, in[0]) },
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.MulSign(g, x)) },
		over:  []int{0},
	}, x)
}

// MulSign is the product of an array with the signs of another of the same shape: 1, −1, or 0
// where that is 0.
//
//	c = a ∘ sign(h)
//
// a receives MulSign(g, h); h receives nothing, since the sign is constant almost everywhere.
func (b *Builder) MulSign(x, h *G.Node) *G.Node {
	if !b.usable([]*G.Node{x, h}) {
		return nil
	}
	if !same(x.Shape(), h.Shape()) {
		return b.misfit("MulSign", "equal shapes", x, h)
	}
	return b.node(spec{
		kind:  "MulSign",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { mulSign(out, in[0], in[1]) },
		f64:   func(out []float64, in [][]float64) { mulSign(out, in[0], in[1]) },
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.MulSign(g, h)) },
		over:  []int{0, 1},
		fixed: []bool{false, true},
	}, x, h)
}

func mulSign[F float](out, x, h []F) {
	x, h = x[:len(out)], h[:len(out)]
	for i, v := range h {
		switch {
		case v > 0:
			out[i] = x[i]
		case v < 0:
			out[i] = -x[i]
		default:
			out[i] = x[i] * v // 0 or NaN
		}
	}
}

func magnitudes[F float](out, x []F) {
	x = x[:len(out)]
	for i, v := range x {
		out[i] = F(math.Abs(float64(v)))
	}
}
