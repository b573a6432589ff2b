package op

import (
	"math"

	G "gorgonia.org/gorgonia"
)

// Exp is the exponential of each element.
//
//	c = exp a
//
// a receives g ∘ c.
func (b *Builder) Exp(x *G.Node) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	return b.node(spec{
		kind:  "Exp",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { each(out, in[0], math.Exp) },
		f64:   func(out []float64, in [][]float64) { each(out, in[0], math.Exp) },
		grad:  func(_ int, c, g, acc *G.Node) *G.Node { return b.sum(acc, b.Mul(g, c)) },
		over:  []int{0},
	}, x)
}
