package op

import "metaplast/graph/blas"

// gemm is C = s op(A) op(B) + beta C.
func gemm[F float](lib *blas.Library, ta, tb bool, m, n, k int, s F, a []F, lda int, x []F, ldx int, beta F, c []F, ldc int) {
	blas.Gemm(lib, ta, tb, m, n, k, s, a, lda, x, ldx, beta, c, ldc)
}
