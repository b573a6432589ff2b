package op

import G "gorgonia.org/gorgonia"

// OnesLike is an array of ones of the shape of x. Nothing is differentiated through it: it
// is where the outer gradient starts.
func (b *Builder) OnesLike(x *G.Node) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	return b.Ones(x, x.Shape()...)
}

// Ones is an array of ones of the given shape. Gorgonia knows no op without operands, so
// that it hangs on a node whose value it does not read.
func (b *Builder) Ones(on *G.Node, shape ...int) *G.Node {
	if !b.usable([]*G.Node{on}) {
		return nil
	}
	return b.node(spec{
		kind:  "Ones",
		shape: shape,
		f32:   func(out []float32, _ [][]float32) { fill(out, 1) },
		f64:   func(out []float64, _ [][]float64) { fill(out, 1) },
	}, on)
}

func fill[F float](out []F, v F) {
	for i := range out {
		out[i] = v
	}
}
