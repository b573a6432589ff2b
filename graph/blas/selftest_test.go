package blas

import (
	"errors"
	"strings"
	"testing"
)

// wrong is a library with a mistake.
type wrong struct {
	gonumProducts
	transposed, kept bool
}

func (w wrong) sgemm(ta, tb bool, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	if w.transposed && ta && tb && k > 3 {
		alpha = -alpha
	}
	w.gonumProducts.sgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

func (w wrong) dgemm(ta, tb bool, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	if w.kept && beta == 0 {
		for i := range m {
			for j := range n {
				c[i*ldc+j] *= 0 // NaN stays
			}
		}
		beta = 1
	}
	w.gonumProducts.dgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

func TestSelfTest(t *testing.T) {
	tests := []struct {
		impl products
		want string
	}{
		{gonumProducts{}, ""},
		{wrong{transposed: true}, "self-test sgemm TT 33×21×67: value 0: have"},
		{wrong{kept: true}, "self-test dgemm NN 1×1×1: value 0: have NaN"},
	}
	for _, test := range tests {
		err := selfTest(&Library{name: "test", impl: test.impl})
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("have %v, want %q", err, test.want)
		}
		if mistake := (*SelfTestError)(nil); err != nil && !errors.As(err, &mistake) {
			t.Errorf("have %T, want a SelfTestError", err)
		}
	}
}
