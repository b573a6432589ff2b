// Package blas is the matrix product of the kernels, by a library chosen at run time.
//
//	C = alpha op(A) op(B) + beta C        row-major, op(X) = X or Xᵀ
//
//	openblas   libopenblas, loaded from the system when the process starts to need it; no cgo
//	gonum      pure Go, always there
//
// The choice belongs to the process: [Use] (a command line), else the environment variable
// METAPLAST_BLAS (openblas, gonum, or auto), else OpenBLAS where it loads and computes
// rightly, else gonum. A name that was asked for and cannot be had is an error, never a
// silent replacement; what auto chose, and why, is told by [Library.Describe].
//
// Both libraries do a product on the goroutine that asks for it, without allocating, and may
// be asked by several goroutines at once. The same library on the same kind of processor
// gives the same bits for the same arrays. The two libraries do not give the bits of one
// another, since they add in different orders, and neither do two kinds of processor:
// OpenBLAS picks its kernels by the processor's name, which Describe reports
// (OPENBLAS_CORETYPE in the environment pins it).
package blas
