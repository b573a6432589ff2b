package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
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
	return b.addMatMul(nil, x, y, tx, ty, 1)
}

// AddMatMul adds a multiple of a matrix product to an array.
//
//	C = A₀ + s op(A) op(B),   s a constant, A₀ [m,n]
func (b *Builder) AddMatMul(a, x, y *G.Node, tx, ty Trans, s float64) *G.Node {
	if !b.usable([]*G.Node{a}) {
		return nil
	}
	return b.addMatMul(a, x, y, tx, ty, s)
}

func (b *Builder) addMatMul(acc, x, y *G.Node, tx, ty Trans, s float64) *G.Node {
	operands := []*G.Node{x, y}
	if acc != nil {
		operands = append(operands, acc)
	}
	if !b.usable(operands) {
		return nil
	}
	sx, sy := x.Shape(), y.Shape()
	if sx.Dims() != 2 || sy.Dims() != 2 {
		return b.misfit("MatMul", "two matrices", x, y)
	}
	p := Product{TA: bool(tx), TB: bool(ty), M: sx[0], K: sx[1]}
	if tx {
		p.M, p.K = p.K, p.M
	}
	k2, n := sy[0], sy[1]
	if ty {
		k2, n = n, k2
	}
	p.N = n
	if p.K != k2 {
		return b.misfit("MatMul", "inner sizes that agree, transposes "+flags(tx, ty), x, y)
	}
	if acc != nil && !same(acc.Shape(), tensor.Shape{p.M, p.N}) {
		return b.misfit("MatMul", "an array to add to of the product's shape", acc, x, y)
	}
	sp := spec{
		kind:     "MatMul" + flags(tx, ty),
		shape:    tensor.Shape{p.M, p.N},
		work:     b.matMulWork(p, s),
		products: []Product{p},
		grad: func(i int, _, g, sum *G.Node) *G.Node {
			switch {
			case i == 2:
				return b.sum(sum, g)
			case i == 0 && !bool(tx):
				return b.addMatMul(sum, g, y, N, !ty, s)
			case i == 0:
				return b.addMatMul(sum, y, g, ty, T, s)
			case !bool(ty):
				return b.addMatMul(sum, x, g, !tx, N, s)
			default:
				return b.addMatMul(sum, g, x, T, tx, s)
			}
		},
	}
	if acc != nil {
		sp.over = []int{2}
	}
	return b.node(sp, operands...)
}

// pieceFLOPs is how much of a matrix product is worth handing to another thread.
const pieceFLOPs = 2.8e6

// split divides the larger extent of a product's result into parts that begin at multiples
// of 16, and returns their number and size.
func (p Product) split() (pieces, size int) {
	extent := max(p.M, p.N)
	pieces = min(max(int(p.FLOPs()/pieceFLOPs), 1), (extent+63)/64)
	size = (extent + pieces - 1) / pieces
	size = (size + 15) / 16 * 16
	return (extent + size - 1) / size, size
}

func (b *Builder) matMulWork(p Product, s float64) *work {
	pieces, size := p.split()
	return &work{
		pieces: pieces,
		f32: func(out, in [][]float32, piece int, _ []float32) {
			matMulPiece(b, p, float32(s), out[0], in, piece, size)
		},
		f64: func(out, in [][]float64, piece int, _ []float64) {
			matMulPiece(b, p, s, out[0], in, piece, size)
		},
	}
}

func matMulPiece[F float](b *Builder, p Product, s F, out []F, in [][]F, piece, size int) {
	x, y := in[0], in[1]
	beta := F(0)
	if len(in) == 3 {
		beta = 1
	}
	lx, ly := p.K, p.N
	if p.TA {
		lx = p.M
	}
	if p.TB {
		ly = p.K
	}
	from := piece * size
	if p.N >= p.M { // a range of columns
		cols := min(size, p.N-from)
		if beta != 0 && &out[0] != &in[2][0] {
			for i := range p.M {
				copy(out[i*p.N+from:][:cols], in[2][i*p.N+from:])
			}
		}
		if p.TB {
			y = y[from*p.K:]
		} else {
			y = y[from:]
		}
		gemm(b.lib, p.TA, p.TB, p.M, cols, p.K, s, x, lx, y, ly, beta, out[from:], p.N)
		return
	}
	rows := min(size, p.M-from)
	o := out[from*p.N:][:rows*p.N]
	if beta != 0 && &out[0] != &in[2][0] {
		copy(o, in[2][from*p.N:])
	}
	if p.TA {
		x = x[from:]
	} else {
		x = x[from*p.K:]
	}
	gemm(b.lib, p.TA, p.TB, rows, p.N, p.K, s, x, lx, y, ly, beta, o, p.N)
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
