package op

import (
	"math"

	G "gorgonia.org/gorgonia"
)

// Log is the natural logarithm of each element.
//
//	c = log a
//
// a receives g / a. Of 0 c is −Inf, of a negative number NaN.
func (b *Builder) Log(x *G.Node) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	return b.node(spec{
		kind:  "Log",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { logarithms(out, in[0]) },
		f64:   func(out []float64, in [][]float64) { logarithms(out, in[0]) },
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.Div(g, x)) },
		over:  []int{0},
	}, x)
}

func logarithms[F float](out, x []F) {
	x = x[:len(out)]
	for i, v := range x {
		out[i] = F(math.Log(float64(v)))
	}
}
