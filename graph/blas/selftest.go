package blas

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// naive is the reference of every product: three loops in float64.
func naive[F float32 | float64](ta, tb bool, m, n, k int, alpha F, a []F, lda int, b []F, ldb int, beta F, c []F, ldc int) {
	for i := range m {
		for j := range n {
			var sum float64
			for l := range k {
				x, y := i*lda+l, l*ldb+j
				if ta {
					x = l*lda + i
				}
				if tb {
					y = j*ldb + l
				}
				sum += float64(a[x]) * float64(b[y])
			}
			sum *= float64(alpha)
			if beta != 0 {
				sum += float64(beta) * float64(c[i*ldc+j])
			}
			c[i*ldc+j] = F(sum)
		}
	}
}

// selfTest does a few products of each kind and type and compares them with naive. The
// larger shape is past the blocking of the kernels and a multiple of nothing.
func selfTest(lib *Library) error {
	for _, s := range [][3]int{{1, 1, 1}, {7, 5, 3}, {33, 21, 67}} {
		for kind := range 4 {
			ta, tb := kind&1 != 0, kind&2 != 0
			if err := selfTestProduct[float32](lib, "sgemm", 0x1p-23, ta, tb, s[0], s[1], s[2]); err != nil {
				return err
			}
			if err := selfTestProduct[float64](lib, "dgemm", 0x1p-52, ta, tb, s[0], s[1], s[2]); err != nil {
				return err
			}
		}
	}
	return nil
}

func selfTestProduct[F float32 | float64](lib *Library, name string, epsilon float64, ta, tb bool, m, n, k int) error {
	rng := rand.New(rand.NewPCG(uint64(m), uint64(n)))
	lda, ldb, ldc := k+1, n+2, n+3
	rowsA, rowsB := m, k
	if ta {
		lda, rowsA = m+1, k
	}
	if tb {
		ldb, rowsB = k+2, n
	}
	a := uniform[F](rng, rowsA*lda)
	b := uniform[F](rng, rowsB*ldb)
	for _, beta := range []F{0, 0.5} {
		have := uniform[F](rng, m*ldc)
		want := append([]F(nil), have...)
		if beta == 0 {
			for i := range m {
				have[i*ldc] = F(math.NaN())
			}
		}
		Gemm(lib, ta, tb, m, n, k, 1.5, a, lda, b, ldb, beta, have, ldc)
		naive(ta, tb, m, n, k, 1.5, a, lda, b, ldb, beta, want, ldc)
		for i := range want {
			// Values are below one, so a sum of k+1 terms is off by less than this.
			if !(math.Abs(float64(have[i]-want[i])) <= 4*epsilon*float64(k+1)) {
				return &SelfTestError{
					Product: fmt.Sprintf("%s %s%s %d×%d×%d", name, letter(ta), letter(tb), m, n, k),
					Index:   i, Have: float64(have[i]), Want: float64(want[i]),
				}
			}
		}
	}
	return nil
}

func uniform[F float32 | float64](rng *rand.Rand, n int) []F {
	v := make([]F, n)
	for i := range v {
		v[i] = F(2*rng.Float64() - 1)
	}
	return v
}

func letter(transposed bool) string {
	if transposed {
		return "T"
	}
	return "N"
}
