package op

import G "gorgonia.org/gorgonia"

// StopGradient is the identity whose derivative is zero: the outer gradient takes x as a
// constant. It is what detach_error and first_order are made of.
//
//	c = a
func (b *Builder) StopGradient(x *G.Node) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	return b.node(spec{
		kind:  "StopGradient",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { copy(out, in[0]) },
		f64:   func(out []float64, in [][]float64) { copy(out, in[0]) },
		view:  true,
	}, x)
}
