package blas

import (
	"fmt"
	"math"
)

// prepare checks the arguments of a product, before any of them reaches C, and says whether
// there is a product to do. Where there is none it finishes the work: C = beta C.
func prepare[F float32 | float64](ta, tb bool, m, n, k int, alpha F, a []F, lda int, b []F, ldb int, beta F, c []F, ldc int) bool {
	if m < 0 || n < 0 || k < 0 || m > math.MaxInt32 || n > math.MaxInt32 || k > math.MaxInt32 {
		panic(fmt.Sprintf("blas: sizes m = %d, n = %d, k = %d: want 0 to %d", m, n, k, math.MaxInt32))
	}
	rowsA, colsA, rowsB, colsB := m, k, k, n
	if ta {
		rowsA, colsA = k, m
	}
	if tb {
		rowsB, colsB = n, k
	}
	checkLeading("A", rowsA, colsA, lda)
	checkLeading("B", rowsB, colsB, ldb)
	checkLeading("C", m, n, ldc)
	if m == 0 || n == 0 {
		return false
	}
	checkLength("C", m, n, ldc, len(c))
	if k == 0 || alpha == 0 {
		scale(m, n, beta, c, ldc)
		return false
	}
	checkLength("A", rowsA, colsA, lda, len(a))
	checkLength("B", rowsB, colsB, ldb, len(b))
	return true
}

func checkLeading(matrix string, rows, cols, ld int) {
	if ld < max(1, cols) || ld > math.MaxInt32 {
		panic(fmt.Sprintf("blas: %s [%d,%d]: leading dimension %d, want %d to %d",
			matrix, rows, cols, ld, max(1, cols), math.MaxInt32))
	}
}

func checkLength(matrix string, rows, cols, ld, length int) {
	// In int64, where the largest rows and ld cannot overflow.
	if want := (int64(rows)-1)*int64(ld) + int64(cols); int64(length) < want {
		panic(fmt.Sprintf("blas: %s [%d,%d] with leading dimension %d: slice of %d values, want %d",
			matrix, rows, cols, ld, length, want))
	}
}

// scale is C = beta C, with zeros for beta = 0 whatever C holds.
func scale[F float32 | float64](m, n int, beta F, c []F, ldc int) {
	if beta == 1 {
		return
	}
	for i := range m {
		row := c[i*ldc : i*ldc+n]
		if beta == 0 {
			clear(row)
			continue
		}
		for j := range row {
			row[j] *= beta
		}
	}
}
