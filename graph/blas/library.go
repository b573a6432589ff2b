package blas

// Library is one library that can do the products. Its methods are safe for concurrent use,
// compute on the calling goroutine, and do not allocate.
type Library struct {
	name    string
	note    string // why auto came to this one
	warning string // what is wrong with the one that auto would have preferred
	impl    products
}

// products is what a library implements. Arguments are checked, m, n and k are positive and
// alpha is not zero. beta = 0 overwrites c, whatever it holds.
type products interface {
	sgemm(ta, tb bool, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int)
	dgemm(ta, tb bool, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int)
	describe() string
}

// Name is openblas or gonum.
func (l *Library) Name() string { return l.name }

// Describe is one line for logs and run records: the version, the kernels for this processor
// and the shared object, and for a library that auto fell back to, the reason.
func (l *Library) Describe() string {
	if l.note == "" {
		return l.impl.describe()
	}
	return l.impl.describe() + "; " + l.note
}

// Warning says which library is installed and cannot be used, and why, where auto fell back
// from it to this one: something for a command to show. It is empty for a library that was asked
// for, and where the other is not installed at all.
func (l *Library) Warning() string { return l.warning }

// Sgemm computes
//
//	C = alpha op(A) op(B) + beta C
//
//	op(A)  [m,k]  A, stored [m,k] with leading dimension lda, or with ta Aᵀ of a stored [k,m]
//	op(B)  [k,n]  B, stored [k,n] with leading dimension ldb, or with tb Bᵀ of a stored [n,k]
//	C      [m,n]  with leading dimension ldc
//
// all row-major: the leading dimension is the distance from one row to the next and at least
// the number of columns. With beta = 0, C is overwritten even where it holds NaN. With
// alpha = 0 or k = 0, A and B are not read and C = beta C. C must not overlap A or B.
//
// Where a zero of A meets an Inf or NaN of B the libraries differ: OpenBLAS gives NaN, as does
// gonum for A Bᵀ, but for the other three products gonum skips the zero.
//
// A negative size, a leading dimension below the number of columns, a slice too short for
// them, or a size that 32 bits do not hold is a programmer's mistake and panics.
//
// Cost: 2·m·n·k FLOPs, no allocation.
func (l *Library) Sgemm(ta, tb bool, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	if prepare(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) {
		l.impl.sgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
	}
}

// Dgemm is Sgemm for float64.
func (l *Library) Dgemm(ta, tb bool, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	if prepare(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) {
		l.impl.dgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
	}
}

// Gemm is [Library.Sgemm] or [Library.Dgemm], by the type of the values.
func Gemm[F float32 | float64](lib *Library, ta, tb bool, m, n, k int, alpha F, a []F, lda int, b []F, ldb int, beta F, c []F, ldc int) {
	switch a := any(a).(type) {
	case []float32:
		lib.Sgemm(ta, tb, m, n, k, float32(alpha), a, lda, any(b).([]float32), ldb, float32(beta), any(c).([]float32), ldc)
	case []float64:
		lib.Dgemm(ta, tb, m, n, k, float64(alpha), a, lda, any(b).([]float64), ldb, float64(beta), any(c).([]float64), ldc)
	}
}
