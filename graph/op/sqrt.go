package op

import (
	"math"

	G "gorgonia.org/gorgonia"
)

// Sqrt is the square root of each element.
//
//	c = √a
//
// a receives g / (2 c), which is Inf or NaN where a is 0: add a small constant first where
// that can be. Of a negative number c is NaN.
func (b *Builder) Sqrt(x *G.Node) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	return b.node(spec{
		kind:  "Sqrt",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { each(out, in[0], math.Sqrt) },
		f64:   func(out []float64, in [][]float64) { each(out, in[0], math.Sqrt) },
		grad:  func(_ int, c, g, acc *G.Node) *G.Node { return b.addScaled(acc, b.Div(g, c), 0.5) },
		over:  []int{0},
	}, x)
}

// each is f of each element, worked out in double precision and rounded once.
func each[F float](out, x []F, f func(float64) float64) {
	x = x[:len(out)]
	for i, v := range x {
		out[i] = F(f(float64(v)))
	}
}
