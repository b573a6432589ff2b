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
		f32:   func(out []float32, in [][]float32) { exponentials(out, in[0]) },
		f64:   func(out []float64, in [][]float64) { exponentials(out, in[0]) },
		grad:  func(_ int, c, g, acc *G.Node) *G.Node { return b.sum(acc, b.Mul(g, c)) },
		over:  []int{0},
	}, x)
}

func exponentials[F float](out, x []F) {
	x = x[:len(out)]
	for i, v := range x {
		out[i] = F(math.Exp(float64(v)))
	}
}
