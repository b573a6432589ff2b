package op

import "metaplast/graph/blas"

// fewExamples is the largest number of examples that tiles are made for. Libraries
// copy their operands first, which in a product of so few rows costs as much as the product.
const fewExamples = 64

// Inner products are made in blocks of this many rows and columns of C, by one tile with
// AVX-512 and by four with AVX2; what is left of whole blocks is the library's. So the results of
// all sets of kernels are the same.
const dotBlockRows, dotBlockCols = 4, 6

// gemm is C = s op(A) op(B) + beta C, by the library or, for few examples, in tiles of our own.
func gemm[F float](lib *blas.Library, ta, tb bool, m, n, k int, s F, a []F, lda int, x []F, ldx int, beta F, c []F, ldc int) {
	if !gemmInTiles(lib, ta, tb, m, n, k, s, a, lda, x, ldx, beta, c, ldc) {
		blas.Gemm(lib, ta, tb, m, n, k, s, a, lda, x, ldx, beta, c, ldc)
	}
}
