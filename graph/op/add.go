package op

import G "gorgonia.org/gorgonia"

// Add is the elementwise sum of two arrays of one shape.
//
//	c = a + b
//
// Both receive g.
func (b *Builder) Add(x, y *G.Node) *G.Node { return b.AddScaled(x, y, 1) }

// Sub is the elementwise difference of two arrays of one shape.
//
//	c = a − b
func (b *Builder) Sub(x, y *G.Node) *G.Node { return b.AddScaled(x, y, -1) }

// AddScaled adds a multiple of one array to another of the same shape.
//
//	c = a + s b,   s a constant
//
// a receives g, b receives s g.
func (b *Builder) AddScaled(x, y *G.Node, s float64) *G.Node {
	if !b.usable([]*G.Node{x, y}) {
		return nil
	}
	if !same(x.Shape(), y.Shape()) {
		return b.misfit("Add", "equal shapes", x, y)
	}
	return b.node(spec{
		kind:  "Add",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { addScaled(out, in[0], in[1], float32(s)) },
		f64:   func(out []float64, in [][]float64) { addScaled(out, in[0], in[1], s) },
		grad: func(i int, _, g, acc *G.Node) *G.Node {
			if i == 0 {
				return b.sum(acc, g)
			}
			return b.addScaled(acc, g, s)
		},
		over: []int{0, 1},
	}, x, y)
}

func addScaled[F float](out, x, y []F, s F) {
	x, y = x[:len(out)], y[:len(out)]
	for i := addScaledFast(out, x, y, s); i < len(out); i++ {
		out[i] = x[i] + s*y[i]
	}
}
