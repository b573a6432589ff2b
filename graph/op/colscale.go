package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

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
		grad:  func(i int, _, g *G.Node) *G.Node { return b.ColScale([...]*G.Node{y, x}[i], g) },
	}, x, y)
}

func colScale[F float](out, x, v []F) {
	n := len(v)
	for i := 0; i < len(out); i += n {
		mul(out[i:i+n], x[i:i+n], v)
	}
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
