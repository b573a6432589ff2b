package blas

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"unsafe"
)

// TestMain is also the child process of the tests of what a whole process does.
func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		os.Exit(child())
	}
	os.Exit(m.Run())
}

// eachLibrary runs a test with every library, and skips one that this machine does not have.
func eachLibrary(t *testing.T, test func(t *testing.T, lib *Library)) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) { test(t, open(t, name)) })
	}
}

func open(t testing.TB, name string) *Library {
	t.Helper()
	lib, err := Open(name)
	if unusable := (*UnusableError)(nil); name == nameOpenBLAS && errors.As(err, &unusable) {
		t.Skipf("NOT TESTED, since OpenBLAS is not usable here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

type float interface{ float32 | float64 }

// product is one call of Gemm with its arrays.
type product[F float] struct {
	ta, tb        bool
	m, n, k       int
	alpha, beta   F
	a, b, c       []F
	lda, ldb, ldc int
}

// newProduct draws the arrays, padding of the rows included.
func newProduct[F float](rng *rand.Rand, ta, tb bool, m, n, k int, alpha, beta F, pad int) *product[F] {
	p := &product[F]{ta: ta, tb: tb, m: m, n: n, k: k, alpha: alpha, beta: beta}
	rowsA, colsA, rowsB, colsB := m, k, k, n
	if ta {
		rowsA, colsA = k, m
	}
	if tb {
		rowsB, colsB = n, k
	}
	p.lda, p.ldb, p.ldc = max(1, colsA)+pad, max(1, colsB)+2*pad, max(1, n)+3*pad
	p.a, p.b, p.c = aligned[F](rowsA*p.lda), aligned[F](rowsB*p.ldb), aligned[F](m*p.ldc)
	for _, v := range [][]F{p.a, p.b, p.c} {
		copy(v, uniform[F](rng, len(v)))
	}
	return p
}

func (p *product[F]) String() string {
	return fmt.Sprintf("%T %s%s %d×%d×%d alpha %v beta %v ld %d %d %d",
		p.alpha, letter(p.ta), letter(p.tb), p.m, p.n, p.k, p.alpha, p.beta, p.lda, p.ldb, p.ldc)
}

// run computes into c, a copy of p.c or p.c itself.
func (p *product[F]) run(lib *Library, c []F) {
	Gemm(lib, p.ta, p.tb, p.m, p.n, p.k, p.alpha, p.a, p.lda, p.b, p.ldb, p.beta, c, p.ldc)
}

// aligned is a slice that starts at a cache line, as the kernels' arrays do.
func aligned[F float](n int) []F {
	const line = 64
	size := int(unsafe.Sizeof(F(0)))
	v := make([]F, n+line/size)
	skip := (line - int(uintptr(unsafe.Pointer(&v[0]))%line)) % line / size
	return v[skip : skip+n : skip+n]
}

func copyOf[F float](v []F) []F {
	w := aligned[F](len(v))
	copy(w, v)
	return w
}
