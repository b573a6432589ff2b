package op

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The plain loops that kernels in assembly are compared with, bit for bit.

// vectorWidths are those of the kernels that this processor has, one after the other in use,
// and at last those that were.
func vectorWidths(t testing.TB) func(yield func(int) bool) {
	t.Helper()
	inUse := vectorWidth
	return func(yield func(int) bool) {
		defer func() { vectorWidth = inUse }()
		tried := 0
		for _, set := range processorSets() {
			if vectorWidth = widthOf(set); vectorWidth == 0 {
				continue
			}
			tried++
			if !yield(vectorWidth) {
				return
			}
		}
		if tried == 0 {
			t.Skip("SKIPPED: no AVX2 on this processor: there are no kernels to compare")
		}
	}
}

// plainProduct is what a product in tiles computes: for every element one chain of fused
// multiplications and additions in the order of k, from zero, to which C is added at last.
func plainProduct(k int, a, b func(l int) float32, keep bool, c float32) float32 {
	var sum float32
	for l := range k {
		sum = fma32(a(l), b(l), sum)
	}
	if keep {
		return sum + c
	}
	return sum
}

// plainDot is what a tile of inner products computes, in 16 partial sums.
func plainDot(k int, a, b func(l int) float32, c float32) float32 {
	var s [16]float32
	for from := 0; from < k; from += 16 {
		for i := range s {
			if from+i < k {
				s[i] = fma32(a(from+i), b(from+i), s[i])
			} else {
				s[i] = fma32(0, 0, s[i])
			}
		}
	}
	var four [4]float32
	for i := range four {
		four[i] = (s[i] + s[i+8]) + (s[i+4] + s[i+12])
	}
	return ((four[0] + four[2]) + (four[1] + four[3])) + c
}

// ojaCase is a step and all that it reads.
type ojaCase struct {
	u               update
	from, rows      int
	w, p, h, a      []float32
	g, sum, squares []float32
}

// plainOja is the forward and the reverse pass of rows of W.
func plainOja(c ojaCase) (w, oa, ow, oh, r []float32) {
	u, k := c.u, float32(c.u.scale)
	for i := range c.rows {
		var lanes [16]float32
		s := c.squares[i]
		for j := range u.in {
			var d float32
			for n := range u.n {
				d = fma32(c.p[n*u.out+c.from+i], c.h[n*u.in+j], d)
			}
			at := (c.from+i)*u.in + j
			d = fma32(-s, c.w[at], d)
			w = append(w, fma32(k*c.a[at], d, c.w[at]))
			x := k * c.g[at]
			oa = append(oa, fma32(x, d, c.sum[at]))
			x *= c.a[at]
			oh = append(oh, x)
			ow = append(ow, fma32(-s, x, c.g[at]))
			lanes[j%16] = fma32(-x, c.w[at], lanes[j%16])
		}
		var sum float64
		for _, v := range lanes {
			sum += float64(v)
		}
		r = append(r, float32(sum))
	}
	return w, oa, ow, oh, r
}

// sameFloats compares bits; NaN is NaN.
func sameFloats(t testing.TB, what string, have, want []float32) {
	t.Helper()
	if len(have) != len(want) {
		t.Fatalf("%s: %d elements, want %d", what, len(have), len(want))
	}
	for i, w := range want {
		if h := have[i]; math.Float32bits(h) != math.Float32bits(w) && (h == h || w == w) {
			t.Fatalf("%s[%d] in registers of %d: %v (%#x), by the plain loop %v (%#x)", what, i, vectorWidth, h, math.Float32bits(h), w, math.Float32bits(w))
		}
	}
}

// drawn are numbers of the normal distribution, with raw bits among them where there are any.
type drawn struct {
	r   *rand.Rand
	raw []byte
}

func (d drawn) numbers(n int) []float32 {
	a := numbers(d.r, n)
	for i := 0; i+4 <= len(d.raw) && n > 0; i += 4 {
		bits := uint32(d.raw[i]) | uint32(d.raw[i+1])<<8 | uint32(d.raw[i+2])<<16 | uint32(d.raw[i+3])<<24
		a[d.r.IntN(n)] = math.Float32frombits(bits)
	}
	return a
}

// upTo is a size from 1 to most.
func upTo(most int, x uint8) int { return 1 + int(x)%most }
