package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Reshape gives the elements of an array, in row-major order, another shape of the same
// size. The operand receives g in its own shape.
func (b *Builder) Reshape(x *G.Node, shape ...int) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	to, from := tensor.Shape(shape), x.Shape()
	if same(to, from) {
		return x
	}
	if to.Dims() == 0 || to.TotalSize() != from.TotalSize() {
		return b.misfit("Reshape", "a shape of the same size", x)
	}
	return b.node(spec{
		kind:  "Reshape",
		shape: clone(to),
		f32:   func(out []float32, in [][]float32) { copy(out, in[0]) },
		f64:   func(out []float64, in [][]float64) { copy(out, in[0]) },
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.Reshape(g, from...)) },
		view:  true,
	}, x)
}

// Flatten makes one row of each example.
//
//	[N,C,H,W] → [N,C·H·W], row-major in (C,H,W)
func (b *Builder) Flatten(x *G.Node) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	s := x.Shape()
	return b.Reshape(x, s[0], s[1:].TotalSize())
}
