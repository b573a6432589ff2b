package op

import G "gorgonia.org/gorgonia"

// ColScale multiplies each column of a matrix by a number of its own.
//
//	c = A diag(v)
//
//	A  [N,m]
//	v  [m]
//
// A receives ColScale(g, v), v receives ColDot(g, A).
func (b *Builder) ColScale(x, v *G.Node) *G.Node {
	if !b.usable([]*G.Node{x, v}) {
		return nil
	}
	s := x.Shape()
	if s.Dims() != 2 || v.Shape().Dims() != 1 || v.Shape()[0] != s[1] {
		return b.misfit("ColScale", "[N,m] and [m]", x, v)
	}
	return b.node(spec{
		kind:  "ColScale",
		shape: s,
		f32:   func(out []float32, in [][]float32) { colScale(out, in[0], in[1]) },
		f64:   func(out []float64, in [][]float64) { colScale(out, in[0], in[1]) },
		grad: func(i int, _, g *G.Node) *G.Node {
			if i == 0 {
				return b.ColScale(g, v)
			}
			return b.ColDot(g, x)
		},
	}, x, v)
}

func colScale[F float](out, x, v []F) {
	n := len(v)
	for i := 0; i < len(out); i += n {
		mul(out[i:i+n], x[i:i+n], v)
	}
}
