package op

import "metaplast/graph/blas"

// gemm is C = s op(A) op(B) + beta C, by the library or, for few examples, in tiles of our own.
func gemm[F float](lib *blas.Library, ta, tb bool, m, n, k int, s F, a []F, lda int, x []F, ldx int, beta F, c []F, ldc int) {
	if !gemmInTiles(lib, ta, tb, m, n, k, s, a, lda, x, ldx, beta, c, ldc) {
		blas.Gemm(lib, ta, tb, m, n, k, s, a, lda, x, ldx, beta, c, ldc)
	}
}
