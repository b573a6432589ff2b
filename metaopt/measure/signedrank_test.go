package measure_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"metaplast/metaopt/measure"
)

// enumerated is the two-sided p by trying all signs.
func enumerated(d []float64) float64 {
	var x []float64
	for _, v := range d {
		if v != 0 {
			x = append(x, v)
		}
	}
	rank := func(i int) float64 { // by counting, not by sorting
		below, equal := 0, 0
		for _, v := range x {
			switch {
			case math.Abs(v) < math.Abs(x[i]):
				below++
			case math.Abs(v) == math.Abs(x[i]):
				equal++
			}
		}
		return float64(below) + (float64(equal)+1)/2
	}
	plus := 0.0
	for i, v := range x {
		if v > 0 {
			plus += rank(i)
		}
	}
	low, high := 0, 0
	for signs := range 1 << len(x) {
		w := 0.0
		for i := range x {
			if signs>>i&1 == 1 {
				w += rank(i)
			}
		}
		if w <= plus {
			low++
		}
		if w >= plus {
			high++
		}
	}
	return math.Min(1, 2*float64(min(low, high))/float64(int(1)<<len(x)))
}

// TestSignedRank compares with tables and with all signs tried out.
func TestSignedRank(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		name     string
		d        []float64
		plus, p  float64
		n, zeros int
		median   float64
	}{
		{name: "one sign, five", d: []float64{1, 2, 3, 4, 5}, plus: 15, p: 2.0 / 32, n: 5, median: 3},
		{name: "one sign, six", d: []float64{-1, -2, -3, -4, -5, -6}, plus: 0, p: 2.0 / 64, n: 6, median: -3.5},
		// Table of Wilcoxon: for n = 10, Pr(W ≤ 8) = 25/1024, Pr(W ≤ 9) = 33/1024.
		{name: "ten, W 8", d: []float64{1, 2, -3, -4, 5, -6, -7, -8, -9, -10}, plus: 8, p: 2 * 25.0 / 1024, n: 10, median: -5},
		{name: "infinite ones rank highest", d: []float64{1, -2, inf, inf, inf, inf, inf}, plus: 26, p: 2 * 3.0 / 128, n: 7, median: inf},
		{name: "zeros are left out", d: []float64{0, 1, 0, -1}, plus: 1.5, p: 1, n: 2, zeros: 2, median: 0},
		{name: "infinities of both signs", d: []float64{-inf, inf}, plus: 1.5, p: 1, n: 2, median: 0},
		{name: "none", d: nil, p: 1, median: math.NaN()},
	} {
		got, err := measure.SignedRank(c.d)
		if err != nil || got.Plus != c.plus || math.Abs(got.P-c.p) > 1e-12 || got.N != c.n || got.Zeros != c.zeros ||
			got.Median != c.median && !(math.IsNaN(got.Median) && math.IsNaN(c.median)) {
			t.Errorf("%s: %+v, %v; want W₊ %v, p %v, %d values, %d zeros, median %v", c.name, got, err, c.plus, c.p, c.n, c.zeros, c.median)
		}
		if len(c.d) > 0 && math.Abs(got.P-enumerated(c.d)) > 1e-12 {
			t.Errorf("%s: p %v, by all signs %v", c.name, got.P, enumerated(c.d))
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		d := make([]float64, 1+r.IntN(11))
		for i := range d {
			d[i] = float64(r.IntN(9) - 4) // many ties and zeros
			if r.IntN(8) == 0 {
				d[i] = inf * float64(1-2*r.IntN(2))
			}
		}
		got, err := measure.SignedRank(d)
		if want := enumerated(d); err != nil || math.Abs(got.P-want) > 1e-12 {
			t.Fatalf("%v: p %v, %v, by all signs %v", d, got.P, err, want)
		}
	}
	if _, err := measure.SignedRank([]float64{1, math.NaN()}); err == nil {
		t.Error("a NaN is accepted")
	}
}
