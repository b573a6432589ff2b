package measure

import (
	"math"
	"slices"
	"testing"
)

func TestMedian(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{nil, nan}, {[]float64{nan, nan}, nan}, {[]float64{3}, 3}, {[]float64{4, 1}, 2.5}, {[]float64{9, 1, 5}, 5},
		{[]float64{nan, 2, 1, nan}, 1.5}, {[]float64{inf, 1, 2}, 2}, {[]float64{inf, inf, 2}, inf},
	} {
		before := slices.Clone(c.values)
		if got := Median(c.values); got != c.want && !(got != got && c.want != c.want) {
			t.Errorf("median of %v: %v, want %v", c.values, got, c.want)
		}
		if !slices.EqualFunc(before, c.values, func(a, b float64) bool { return a == b || a != a && b != b }) {
			t.Errorf("modified: %v, was %v", c.values, before)
		}
	}
}
