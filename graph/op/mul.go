package op

import G "gorgonia.org/gorgonia"

// Mul is the elementwise (Hadamard) product of two arrays of one shape.
//
//	c = a ∘ b
//
// a receives g ∘ b, b receives g ∘ a.
func (b *Builder) Mul(x, y *G.Node) *G.Node {
	if !b.usable([]*G.Node{x, y}) {
		return nil
	}
	if !same(x.Shape(), y.Shape()) {
		return b.misfit("Mul", "equal shapes", x, y)
	}
	return b.node(spec{
		kind:  "Mul",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { mul(out, in[0], in[1]) },
		f64:   func(out []float64, in [][]float64) { mul(out, in[0], in[1]) },
		grad:  func(i int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.Mul(g, [...]*G.Node{y, x}[i])) },
		over:  []int{0, 1},
	}, x, y)
}

func mul[F float](out, x, y []F) {
	x, y = x[:len(out)], y[:len(out)]
	for i := mulFast(out, x, y); i < len(out); i++ {
		out[i] = x[i] * y[i]
	}
}

// mulAdd is out = x + y ∘ z.
func mulAdd[F float](out, x, y, z []F) {
	x, y, z = x[:len(out)], y[:len(out)], z[:len(out)]
	for i := mulAddFast(out, x, y, z); i < len(out); i++ {
		out[i] = x[i] + y[i]*z[i]
	}
}
