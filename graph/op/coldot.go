package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// ColDot is the inner product of each column of a matrix with the same column of another.
//
//	c[j] = Σ_n A[n,j] B[n,j]   [m]
//
// With B = A it is the sum of squares over the examples that Oja's rule decays with.
// A receives ColScale(B, g), B receives ColScale(A, g). Sums accumulate in float64.
func (b *Builder) ColDot(x, y *G.Node) *G.Node {
	if !b.usable([]*G.Node{x, y}) {
		return nil
	}
	s := x.Shape()
	if s.Dims() != 2 || !same(s, y.Shape()) {
		return b.misfit("ColDot", "two matrices of one shape", x, y)
	}
	return b.node(spec{
		kind:  "ColDot",
		shape: tensor.Shape{s[1]},
		f32:   func(out []float32, in [][]float32) { colDot(out, in[0], in[1]) },
		f64:   func(out []float64, in [][]float64) { colDot(out, in[0], in[1]) },
		grad:  func(i int, _, g, acc *G.Node) *G.Node { return b.addColScaled(acc, [...]*G.Node{y, x}[i], g, 1) },
	}, x, y)
}

func colDot[F float](out, x, y []F) {
	n := len(out)
	for j := range out {
		var s float64
		for i := j; i < len(x); i += n {
			s += float64(x[i]) * float64(y[i])
		}
		out[j] = F(s)
	}
}
