package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// Trans says whether MatMul takes an operand as it is or transposed.
type Trans bool

// The two values of Trans.
const (
	N Trans = false // as it is
	T Trans = true  // transposed
)

// MatMul is the matrix product of two matrices, either of them transposed if asked for.
//
//	C = op(A) op(B),   op(X) = X or Xᵀ
//
//	A  [m,k], transposed [k,m]
//	B  [k,n], transposed [n,k]
//	C  [m,n]
//
// Derivatives, for ta = tb = N: dA = G Bᵀ, dB = Aᵀ G; with transposes the same products
// with the flags that undo them. Cost: 2·m·k·n FLOPs.
func (b *Builder) MatMul(x, y *G.Node, tx, ty Trans) *G.Node {
	if !b.usable([]*G.Node{x, y}) {
		return nil
	}
	sx, sy := x.Shape(), y.Shape()
	if sx.Dims() != 2 || sy.Dims() != 2 {
		return b.misfit("MatMul", "two matrices", x, y)
	}
	m, k := sx[0], sx[1]
	if tx {
		m, k = k, m
	}
	k2, n := sy[0], sy[1]
	if ty {
		k2, n = n, k2
	}
	if k != k2 {
		return b.misfit("MatMul", "inner sizes that agree, transposes "+flags(tx, ty), x, y)
	}
	return b.node(spec{
		kind:  "MatMul" + flags(tx, ty),
		shape: tensor.Shape{m, n},
		f32: func(out []float32, in [][]float32) {
			gonum.Implementation{}.Sgemm(blasFlag(tx), blasFlag(ty), m, n, k, 1, in[0], sx[1], in[1], sy[1], 0, out, n)
		},
		f64: func(out []float64, in [][]float64) {
			gonum.Implementation{}.Dgemm(blasFlag(tx), blasFlag(ty), m, n, k, 1, in[0], sx[1], in[1], sy[1], 0, out, n)
		},
		grad: func(i int, _, g *G.Node) *G.Node {
			switch {
			case i == 0 && !bool(tx):
				return b.MatMul(g, y, N, !ty)
			case i == 0:
				return b.MatMul(y, g, ty, T)
			case !bool(ty):
				return b.MatMul(x, g, !tx, N)
			default:
				return b.MatMul(g, x, T, tx)
			}
		},
	}, x, y)
}

func flags(tx, ty Trans) string {
	return string([]byte{flag(tx), flag(ty)})
}

func flag(t Trans) byte {
	if t {
		return 'T'
	}
	return 'N'
}

func blasFlag(t Trans) blas.Transpose {
	if t {
		return blas.Trans
	}
	return blas.NoTrans
}
