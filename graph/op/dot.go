package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Dot is the inner product of two arrays of one shape.
//
//	c = ⟨a, b⟩ = Σ a ∘ b   [1]
//
// a receives g b, b receives g a. The sum is accumulated in float64.
func (b *Builder) Dot(x, y *G.Node) *G.Node {
	if !b.usable([]*G.Node{x, y}) {
		return nil
	}
	if !same(x.Shape(), y.Shape()) {
		return b.misfit("Dot", "equal shapes", x, y)
	}
	return b.node(spec{
		kind:  "Dot",
		shape: tensor.Shape{1},
		f32:   func(out []float32, in [][]float32) { out[0] = float32(dot(in[0], in[1])) },
		f64:   func(out []float64, in [][]float64) { out[0] = dot(in[0], in[1]) },
		grad:  func(i int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.ScaleBy([...]*G.Node{y, x}[i], g)) },
	}, x, y)
}

func dot[F float](x, y []F) float64 {
	y = y[:len(x)]
	var s float64
	for i := range x {
		s += float64(x[i]) * float64(y[i])
	}
	return s
}
