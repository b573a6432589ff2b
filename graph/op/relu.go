package op

import G "gorgonia.org/gorgonia"

// Relu is the rectifier. Its slope at 0 is 0.
//
//	c = max(a, 0)
//
// a receives Gate(g, c). NaN stays NaN.
func (b *Builder) Relu(x *G.Node) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	return b.node(spec{
		kind:  "Relu",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { gate(out, in[0], in[0]) },
		f64:   func(out []float64, in [][]float64) { gate(out, in[0], in[0]) },
		grad:  func(_ int, out, g, acc *G.Node) *G.Node { return b.sum(acc, b.Gate(g, out)) },
		over:  []int{0},
	}, x)
}

// Gate passes an array where another of the same shape is positive: the product with the
// rectifier's slope φ′.
//
//	c = a ∘ [h > 0]
//
// a receives Gate(g, h); h receives nothing, since φ′ is constant almost everywhere.
// Because relu(z) > 0 exactly where z > 0, h may be the activity or the input of the unit.
func (b *Builder) Gate(x, h *G.Node) *G.Node {
	if !b.usable([]*G.Node{x, h}) {
		return nil
	}
	if !same(x.Shape(), h.Shape()) {
		return b.misfit("Gate", "equal shapes", x, h)
	}
	return b.node(spec{
		kind:  "Gate",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { gate(out, in[0], in[1]) },
		f64:   func(out []float64, in [][]float64) { gate(out, in[0], in[1]) },
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.Gate(g, h)) },
		over:  []int{0, 1},
		fixed: []bool{false, true},
	}, x, h)
}
