package op

import "metaplast/graph/blas"

// tileProduct is one product of a tile. Strides are in bytes.
type tileProduct struct {
	a, b, c       *float32
	k             int
	lda, ldb, ldc int // from row to row of a tile of A, and of B and C
	cols          int
	step          int // from column to column of A
	keep          int // 0 overwrites C
}

//go:noescape
func productTile6(t *tileProduct)

//go:noescape
func productTile1(t *tileProduct)

//go:noescape
func addDotTile46(t *tileProduct)

// thin is the largest number of examples that the tiles below are made for. Libraries copy
// their operands first, which in a product as thin as that costs as much as the product.
const thin = 64

// panel is how many columns of B a pass over the rows of A goes with: few enough for a core's
// own cache.
const panel = 64

// thinGemm is gemm for few examples, in tiles that stay in registers. It reports whether it
// could: for s = 1 and beta of 0 or 1,
//
//	C = A B    A [m,k], m thin
//	C = A Bᵀ   A [m,k], m thin
//	C = Aᵀ B   A [k,m], k thin
//
// and either of the first and the last for B of one column.
func thinGemm[F float](lib *blas.Library, ta, tb bool, m, n, k int, s F, a []F, lda int, x []F, ldx int, beta F, c []F, ldc int) bool {
	af, single := any(a).([]float32)
	if !wide || !single || s != 1 || m == 0 || n == 0 || k == 0 || (beta != 0 && beta != 1) {
		return false
	}
	xf, cf := any(x).([]float32), any(c).([]float32)
	t := tileProduct{k: k, lda: 4 * lda, ldb: 4 * ldx, ldc: 4 * ldc, step: 4, keep: int(beta)}
	switch {
	case n == 1 && !tb && ldx == 1 && ldc == 1 && k <= thin && ta: // Cᵀ = Bᵀ A
		t.lda, t.ldb, t.b, t.cols = 0, 4*lda, &af[0], m
		t.rows(1, 0, xf, 0, cf)
	case n == 1 && !tb && ldx == 1 && ldc == 1 && m%4 == 0 && k >= 16 && !ta:
		t.column(m, af, xf, float32(beta), cf)
	case n < 16 && !tb:
		return false
	case ta && !tb && k <= thin:
		t.lda, t.step = t.step, t.lda
		t.b, t.cols = &xf[0], n
		t.rows(m, 1, af, ldc, cf)
	case !ta && !tb && m <= thin:
		for j := 0; j < n; j += panel {
			t.b, t.cols = &xf[j], min(panel, n-j)
			t.rows(m, lda, af, ldc, cf[j:])
		}
	case !ta && tb && m <= thin && m >= 4 && n >= 6 && k >= 16:
		t.dots(lib, m, n, k, af, lda, xf, ldx, float32(beta), cf, ldc)
	default:
		return false
	}
	return true
}

// rows goes over the rows of C, whose rows of A begin lda apart.
func (t *tileProduct) rows(m, lda int, a []float32, ldc int, c []float32) {
	for i := 0; i < m; {
		t.a, t.c = &a[i*lda], &c[i*ldc]
		if i+6 <= m {
			productTile6(t)
			i += 6
		} else {
			productTile1(t)
			i++
		}
	}
}

// column is C [m,1] = A B + beta C: the tile for six columns with one of them six times.
func (t tileProduct) column(m int, a, x []float32, beta float32, c []float32) {
	var six [4 * 6]float32
	t.b, t.ldb, t.ldc, t.c = &x[0], 0, 4*6, &six[0]
	for i := 0; i < m; i += 4 {
		clear(six[:])
		t.a = &a[i*t.lda/4]
		addDotTile46(&t)
		for j := range 4 {
			if beta == 0 {
				c[i+j] = six[6*j]
			} else {
				c[i+j] += six[6*j]
			}
		}
	}
}

// dots is C [m,n] = A Bᵀ + beta C; what is left of whole tiles is the library's.
func (t *tileProduct) dots(lib *blas.Library, m, n, k int, a []float32, lda int, x []float32, ldx int, beta float32, c []float32, ldc int) {
	m4, n6 := m/4*4, n/6*6
	if beta == 0 {
		for i := range m4 {
			clear(c[i*ldc:][:n6])
		}
	}
	for j := 0; j < n6; j += 6 {
		t.b = &x[j*ldx]
		for i := 0; i < m4; i += 4 {
			t.a, t.c = &a[i*lda], &c[i*ldc+j]
			addDotTile46(t)
		}
	}
	if n6 < n {
		blas.Gemm(lib, false, true, m4, n-n6, k, 1, a, lda, x[n6*ldx:], ldx, beta, c[n6:], ldc)
	}
	if m4 < m {
		blas.Gemm(lib, false, true, m-m4, n, k, 1, a[m4*lda:], lda, x, ldx, beta, c[m4*ldc:], ldc)
	}
}
