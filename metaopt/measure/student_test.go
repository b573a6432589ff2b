package measure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

func TestStudentT(t *testing.T) {
	five := []float64{1, 2, 3, 4, 5} // mean 3, sd √2.5, t_{0.975,4} = 2.7764451: half width 1.9632432
	for _, c := range []struct {
		name   string
		values []float64
		of     Range
		want   Interval
	}{
		{"within the range", five, NonNegative, Interval{3, 1.0367568, 4.9632432, 5}},
		{"cut off below", five, Range{2, 9}, Interval{3, 2, 4.9632432, 5}},
		{"cut off on both sides", []float64{0.6, 1}, Share, Interval{0.8, 0, 1, 2}}, // 80 % [−174.1, 334.1]
		{"a loss", []float64{0.1, 0.4}, NonNegative, Interval{0.25, 0, 0.25 + 12.7062047*0.15, 2}},
		{"a loss of any sign", []float64{0.1, 0.4}, Unbounded, Interval{0.25, 0.25 - 12.7062047*0.15, 0.25 + 12.7062047*0.15, 2}},
		{"a change", []float64{-1, 0.5}, ShareChange, Interval{-0.25, -1, 1, 2}},
		{"equal values", []float64{1, 1, 1}, Share, Interval{1, 1, 1, 3}},
		{"one value", []float64{0.5}, Share, Interval{0.5, nan, nan, 1}},
		{"none", nil, Share, Interval{nan, nan, nan, 0}},
		{"not finite", []float64{0.5, nan}, Share, Interval{nan, nan, nan, 2}},
	} {
		before := append([]float64(nil), c.values...)
		got := StudentT(c.values, c.of)
		within(t, c.name+", mean", got.Estimate, c.want.Estimate, 1e-7)
		within(t, c.name+", low", got.Low, c.want.Low, 1e-6)
		within(t, c.name+", high", got.High, c.want.High, 1e-6)
		if got.N != c.want.N || fmt.Sprint(before) != fmt.Sprint(append([]float64(nil), c.values...)) {
			t.Errorf("%s: n %d, want %d; values %v", c.name, got.N, c.want.N, c.values)
		}
	}
}

// TestStudentTCoverage counts how often the interval covers, over fixed simulations, which the
// function's comment tells. The standard error of a share of 4,000 is 0.3 % near 95 % and 0.6 %
// near 80 %. It also asks that what is cut off changes no count, and that no interval leaves the
// range.
func TestStudentTCoverage(t *testing.T) {
	const trials = 4000
	answers := func(right float64) func(*rand.Rand) float64 {
		return func(r *rand.Rand) float64 {
			n := 0
			for range 25 {
				if r.Float64() < right {
					n++
				}
			}
			return float64(n) / 25
		}
	}
	lognormal := func(sigma float64) func(*rand.Rand) float64 {
		return func(r *rand.Rand) float64 { return math.Exp(sigma * r.NormFloat64()) }
	}
	normal := func(r *rand.Rand) float64 { return r.NormFloat64() }
	for _, c := range []struct {
		name string
		n    int
		draw func(*rand.Rand) float64
		of   Range
		mean float64
		want float64 // percent, as the comment of StudentT has it
	}{
		{"normal", 2, normal, Unbounded, 0, 95},
		{"normal", 5, normal, Unbounded, 0, 95},
		{"normal", 30, normal, Unbounded, 0, 95},
		{"answers, 80 %", 3, answers(0.8), Share, 0.8, 95},
		{"answers, 80 %", 5, answers(0.8), Share, 0.8, 95},
		{"answers, 80 %", 10, answers(0.8), Share, 0.8, 95},
		{"answers, 98 %", 3, answers(0.98), Share, 0.98, 75},
		{"answers, 98 %", 5, answers(0.98), Share, 0.98, 91},
		{"answers, 98 %", 10, answers(0.98), Share, 0.98, 95},
		{"losses, σ 0.5", 3, lognormal(0.5), NonNegative, math.Exp(0.125), 92},
		{"losses, σ 0.5", 5, lognormal(0.5), NonNegative, math.Exp(0.125), 92},
		{"losses, σ 0.5", 10, lognormal(0.5), NonNegative, math.Exp(0.125), 92},
		{"losses, σ 1", 3, lognormal(1), NonNegative, math.Exp(0.5), 84},
		{"losses, σ 1", 5, lognormal(1), NonNegative, math.Exp(0.5), 82},
		{"losses, σ 1", 10, lognormal(1), NonNegative, math.Exp(0.5), 84},
	} {
		r := random(fmt.Sprint("student ", c.name, c.n))
		covered, cut := 0, 0
		for range trials {
			x := make([]float64, c.n)
			for i := range x {
				x[i] = c.draw(r)
			}
			iv, whole := StudentT(x, c.of), StudentT(x, Unbounded)
			in := iv.Low <= c.mean && c.mean <= iv.High
			if in != (whole.Low <= c.mean && c.mean <= whole.High) {
				t.Fatalf("%s, %v: %+v and %+v do not both cover", c.name, x, iv, whole)
			}
			if !(c.of.Low <= iv.Low && iv.Low <= iv.Estimate && iv.Estimate <= iv.High && iv.High <= c.of.High) {
				t.Fatalf("%s, %v: %+v leaves the range", c.name, x, iv)
			}
			if in {
				covered++
			}
			if !reflect.DeepEqual(iv, whole) {
				cut++
			}
		}
		share := 100 * float64(covered) / trials
		t.Logf("%-14s n %-3d covers %.1f %%, %.0f %% cut off", c.name, c.n, share, 100*float64(cut)/trials)
		if math.Abs(share-c.want) > 1.6 {
			t.Errorf("%s, n = %d: covers %.1f %%, want %v", c.name, c.n, share, c.want)
		}
	}
}
