package op

import "metaplast/graph/blas"

// dotElements is about how many elements of A a pass over B goes with, in inner products: few
// enough for a core's own cache, with room for some rows of B.
const dotElements = 5 << 10

// gemmInTiles is gemm for few examples, in tiles that stay in registers. It reports whether it
// could: for s = 1 and beta of 0 or 1,
//
//	C = A B    A [m,k], m ≤ fewExamples
//	C = A Bᵀ   A [m,k], m ≤ fewExamples
//	C = Aᵀ B   A [k,m], k ≤ fewExamples
//
// and either of the first and the last for B of one column.
func gemmInTiles[F float](lib *blas.Library, ta, tb bool, m, n, k int, s F, a []F, lda int, x []F, ldx int, beta F, c []F, ldc int) bool {
	af, single := any(a).([]float32)
	if vectorWidth == 0 || !single || s != 1 || m == 0 || n == 0 || k == 0 || (beta != 0 && beta != 1) {
		return false
	}
	xf, cf := any(x).([]float32), any(c).([]float32)
	t := tileProduct{k: k, lda: 4 * lda, ldb: 4 * ldx, ldc: 4 * ldc, step: 4, keep: int(beta)}
	switch {
	case n == 1 && !tb && ldx == 1 && ldc == 1 && k <= fewExamples && ta: // Cᵀ = Bᵀ A
		t.lda, t.ldb, t.b, t.cols = 0, 4*lda, &af[0], m
		t.productRows(1, 0, xf, 0, cf)
	case n == 1 && !tb && ldx == 1 && ldc == 1 && m%dotBlockRows == 0 && k >= 16 && !ta:
		t.column(m, af, xf, float32(beta), cf)
	case n < 16 && !tb:
		return false
	case ta && !tb && k <= fewExamples:
		t.lda, t.step = t.step, t.lda
		t.b, t.cols = &xf[0], n
		t.productRows(m, 1, af, ldc, cf)
	case !ta && !tb && m <= fewExamples:
		// All rows of A with a tile's columns of B, which fit in a core's own cache.
		panel := tileCols()
		for j := 0; j < n; j += panel {
			t.b, t.cols = &xf[j], min(panel, n-j)
			t.productRows(m, lda, af, ldc, cf[j:])
		}
	case !ta && tb && m <= fewExamples && m >= dotBlockRows && n >= dotBlockCols && k >= 16 && dotsPay(lib):
		t.dots(lib, m, n, k, af, lda, xf, ldx, float32(beta), cf, ldc)
	default:
		return false
	}
	return true
}

// dotsPay reports whether tiles of inner products are faster than the library. Those of AVX2, in
// the 16 partial sums that AVX-512 has in one register, are three times as fast as gonum, and a
// tenth slower than OpenBLAS.
func dotsPay(lib *blas.Library) bool {
	return vectorWidth == avx512Width || lib.Name() == "gonum"
}

// tileCols is how many columns a tile of the kernels in use has.
func tileCols() int {
	if vectorWidth == avx512Width {
		return 64
	}
	return 16
}

// productRows goes over the rows of C, whose rows of A begin lda apart.
func (t *tileProduct) productRows(m, lda int, a []float32, ldc int, c []float32) {
	for i := 0; i < m; {
		t.a, t.c = &a[i*lda], &c[i*ldc]
		rows := productTileOf(m - i)
		t.tile(rows)
		i += rows
	}
}

// productTileOf is how many of some rows the next tile has.
func productTileOf(rows int) int {
	switch {
	case rows >= 6:
		return 6
	case rows >= 2:
		return 2
	}
	return 1
}

// tile computes some rows of C: 6, 2 or 1.
func (t *tileProduct) tile(rows int) {
	if vectorWidth == avx512Width {
		switch rows {
		case 6:
			productTile6AVX512(t)
		case 2:
			productTile2AVX512(t)
		default:
			productTile1AVX512(t)
		}
		return
	}
	switch rows {
	case 6:
		productTile6AVX2(t)
	case 2:
		productTile2AVX2(t)
	default:
		productTile1AVX2(t)
	}
}

// dotTileCols is how many columns of C a tile of inner products of the kernels in use has.
func dotTileCols() int {
	if vectorWidth == avx512Width {
		return 6
	}
	return 3
}

// addDots adds inner products to some rows of dotTileCols columns of C. The number of rows is a
// multiple of dotBlockRows.
func (t *tileProduct) addDots(rows int) {
	t.rows = rows
	if vectorWidth == avx512Width {
		dotTileAVX512(t)
	} else {
		dotTileAVX2(t)
	}
}

// column is C [m,1] = A B + beta C: a tile of inner products with the column in the place of
// every row of B.
func (t *tileProduct) column(m int, a, x []float32, beta float32, c []float32) {
	var tile [dotBlockRows * dotBlockCols]float32
	lda, cols := t.lda/4, dotTileCols()
	t.ldb, t.b, t.ldc, t.c = 0, &x[0], 4*cols, &tile[0]
	for i := 0; i < m; i += dotBlockRows {
		clear(tile[:])
		t.a = &a[i*lda]
		t.addDots(dotBlockRows)
		for j := range dotBlockRows {
			if beta == 0 {
				c[i+j] = tile[cols*j]
			} else {
				c[i+j] += tile[cols*j]
			}
		}
	}
}

// dots is C [m,n] = A Bᵀ + beta C.
func (t *tileProduct) dots(lib *blas.Library, m, n, k int, a []float32, lda int, x []float32, ldx int, beta float32, c []float32, ldc int) {
	rows, cols := m/dotBlockRows*dotBlockRows, n/dotBlockCols*dotBlockCols
	if beta == 0 {
		for i := range rows {
			clear(c[i*ldc:][:cols])
		}
	}
	few := max(dotElements/k/dotBlockRows, 1) * dotBlockRows
	for i := 0; i < rows; i += few {
		for j := 0; j < cols; j += dotTileCols() {
			t.a, t.b, t.c = &a[i*lda], &x[j*ldx], &c[i*ldc+j]
			t.addDots(min(few, rows-i))
		}
	}
	if cols < n {
		blas.Gemm(lib, false, true, rows, n-cols, k, 1, a, lda, x[cols*ldx:], ldx, beta, c[cols:], ldc)
	}
	if rows < m {
		blas.Gemm(lib, false, true, m-rows, n, k, 1, a[rows*lda:], lda, x, ldx, beta, c[rows*ldc:], ldc)
	}
}
