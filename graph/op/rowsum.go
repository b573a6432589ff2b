package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// RowSum sums each row of a matrix.
//
//	c[i] = Σ_j A[i,j]   [m]
//
// A receives RowTile(g, n). Sums accumulate in float64.
func (b *Builder) RowSum(x *G.Node) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	s := x.Shape()
	if s.Dims() != 2 {
		return b.misfit("RowSum", "a matrix", x)
	}
	return b.node(spec{
		kind:  "RowSum",
		shape: tensor.Shape{s[0]},
		f32:   func(out []float32, in [][]float32) { rowSum(out, in[0]) },
		f64:   func(out []float64, in [][]float64) { rowSum(out, in[0]) },
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.RowTile(g, s[1])) },
	}, x)
}

// RowTile repeats a column n times.
//
//	c[i,j] = v[i]   [m,n]
//
// v receives RowSum(g).
func (b *Builder) RowTile(v *G.Node, n int) *G.Node {
	if !b.usable([]*G.Node{v}) {
		return nil
	}
	if v.Shape().Dims() != 1 || n < 1 {
		return b.misfit("RowTile", "[m] and at least one column", v)
	}
	return b.node(spec{
		kind:  "RowTile",
		shape: tensor.Shape{v.Shape()[0], n},
		f32:   func(out []float32, in [][]float32) { rowTile(out, in[0]) },
		f64:   func(out []float64, in [][]float64) { rowTile(out, in[0]) },
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.RowSum(g)) },
	}, v)
}

func rowSum[F float](out, x []F) {
	n := len(x) / len(out)
	for i := range out {
		var s float64
		for _, v := range x[i*n : (i+1)*n] {
			s += float64(v)
		}
		out[i] = F(s)
	}
}

func rowTile[F float](out, v []F) {
	n := len(out) / len(v)
	for i, s := range v {
		fill(out[i*n:(i+1)*n], s)
	}
}
