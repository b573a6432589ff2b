package blas

import (
	"runtime/debug"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// Gonum's products start goroutines once the result has four blocks of 64×64, so they are
// asked for tiles of at most three.
const (
	gonumBlock   = 64
	gonumColumns = 3 * gonumBlock
)

// gonumProducts is gonum's pure Go implementation, one tile of C after the other.
//
// Tiles start at multiples of 64 rows and columns: gonum's float32 dot product adds in an
// order that depends on where its operands lie modulo 16 bytes, and so a tile does not
// change it.
type gonumProducts struct{}

func (gonumProducts) sgemm(ta, tb bool, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	for i := 0; i < m; i += gonumBlock {
		for j := 0; j < n; j += gonumColumns {
			gonum.Implementation{}.Sgemm(transpose(ta), transpose(tb), min(gonumBlock, m-i), min(gonumColumns, n-j), k,
				alpha, a[offset(ta, i, lda):], lda, b[offset(!tb, j, ldb):], ldb, beta, c[i*ldc+j:], ldc)
		}
	}
}

func (gonumProducts) dgemm(ta, tb bool, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	for i := 0; i < m; i += gonumBlock {
		for j := 0; j < n; j += gonumColumns {
			gonum.Implementation{}.Dgemm(transpose(ta), transpose(tb), min(gonumBlock, m-i), min(gonumColumns, n-j), k,
				alpha, a[offset(ta, i, lda):], lda, b[offset(!tb, j, ldb):], ldb, beta, c[i*ldc+j:], ldc)
		}
	}
}

func (gonumProducts) describe() string {
	const path = "gonum.org/v1/gonum"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == path {
				return "gonum " + m.Version + ", pure Go"
			}
		}
	}
	return "gonum, pure Go"
}

func transpose(t bool) blas.Transpose {
	if t {
		return blas.Trans
	}
	return blas.NoTrans
}

// offset is where the part of an operand begins that a tile at index i of C needs: along the
// columns of the stored matrix, or along its rows.
func offset(columns bool, i, ld int) int {
	if columns {
		return i
	}
	return i * ld
}
