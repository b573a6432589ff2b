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
		f32:   func(out []float32, in [][]float32) { squareRoots(out, in[0]) },
		f64:   func(out []float64, in [][]float64) { squareRoots(out, in[0]) },
		grad:  func(_ int, c, g, acc *G.Node) *G.Node { return b.addScaled(acc, b.Div(g, c), 0.5) },
		over:  []int{0},
	}, x)
}

// squareRoots works in double precision and rounds once, like the other functions of one element.
// Each has a loop of its own; see each.
func squareRoots[F float](out, x []F) {
	x = x[:len(out)]
	for i, v := range x {
		out[i] = F(math.Sqrt(float64(v)))
	}
}
