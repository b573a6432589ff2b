package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// RowDot is the inner product of each row of a matrix with the same row of another.
//
//	c[i] = Σ_j A[i,j] B[i,j]   [m]
//
// A receives RowScale(g, B), B receives RowScale(g, A). Sums accumulate in float64.
func (b *Builder) RowDot(x, y *G.Node) *G.Node {
	if !b.usable([]*G.Node{x, y}) {
		return nil
	}
	s := x.Shape()
	if s.Dims() != 2 || !same(s, y.Shape()) {
		return b.misfit("RowDot", "two matrices of one shape", x, y)
	}
	return b.node(spec{
		kind:  "RowDot",
		shape: tensor.Shape{s[0]},
		f32:   func(out []float32, in [][]float32) { rowDot(out, in[0], in[1]) },
		f64:   func(out []float64, in [][]float64) { rowDot(out, in[0], in[1]) },
		grad:  func(i int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.RowScale(g, [...]*G.Node{y, x}[i])) },
	}, x, y)
}

func rowDot[F float](out, x, y []F) {
	n := len(x) / len(out)
	for i := range out {
		out[i] = F(dot(x[i*n:(i+1)*n], y[i*n:(i+1)*n]))
	}
}
