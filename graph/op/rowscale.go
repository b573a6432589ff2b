package op

import G "gorgonia.org/gorgonia"

// RowScale multiplies each row of a matrix by a number of its own.
//
//	c = diag(v) A
//
//	v  [m]
//	A  [m,n]
//
// v receives RowDot(g, A), A receives RowScale(v, g).
func (b *Builder) RowScale(v, x *G.Node) *G.Node {
	if !b.usable([]*G.Node{v, x}) {
		return nil
	}
	s := x.Shape()
	if s.Dims() != 2 || v.Shape().Dims() != 1 || v.Shape()[0] != s[0] {
		return b.misfit("RowScale", "[m] and [m,n]", v, x)
	}
	return b.node(spec{
		kind:  "RowScale",
		shape: s,
		f32:   func(out []float32, in [][]float32) { rowScale(out, in[0], in[1]) },
		f64:   func(out []float64, in [][]float64) { rowScale(out, in[0], in[1]) },
		grad: func(i int, _, g, acc *G.Node) *G.Node {
			if i == 0 {
				return b.sum(acc, b.RowDot(g, x))
			}
			return b.sum(acc, b.RowScale(v, g))
		},
		over: []int{1},
	}, v, x)
}

func rowScale[F float](out, v, x []F) {
	n := len(x) / len(v)
	for i, s := range v {
		scale(out[i*n:(i+1)*n], x[i*n:(i+1)*n], s)
	}
}
