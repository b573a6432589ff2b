package op

import G "gorgonia.org/gorgonia"

// Div is the elementwise quotient of two arrays of one shape.
//
//	c = a / b
//
// a receives g / b, b receives −(g ∘ c) / b. Where b is 0, c is Inf or NaN, as numbers are.
func (b *Builder) Div(x, y *G.Node) *G.Node {
	if !b.usable([]*G.Node{x, y}) {
		return nil
	}
	if !same(x.Shape(), y.Shape()) {
		return b.misfit("Div", "equal shapes", x, y)
	}
	return b.node(spec{
		kind:  "Div",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { div(out, in[0], in[1]) },
		f64:   func(out []float64, in [][]float64) { div(out, in[0], in[1]) },
		grad: func(i int, c, g, acc *G.Node) *G.Node {
			if i == 0 {
				return b.sum(acc, b.Div(g, y))
			}
			return b.addScaled(acc, b.Div(b.Mul(g, c), y), -1)
		},
		over: []int{0, 1},
	}, x, y)
}

func div[F float](out, x, y []F) {
	x, y = x[:len(out)], y[:len(out)]
	for i := range out {
		out[i] = x[i] / y[i]
	}
}
