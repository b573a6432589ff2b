package evaluate

import (
	"math"
	"testing"
)

func TestSummarize(t *testing.T) {
	// Mean 3, sd √2.5, t_{0.975,4} = 2.7764451: half width 1.9632432.
	e := Summarize("a", []float64{1, 2, 3, 4, 5})
	if e.Mean != 3 || e.Median != 3 || math.Abs(e.High-4.9632432) > 1e-6 || math.Abs(e.Low-1.0367568) > 1e-6 {
		t.Errorf("%+v", e)
	}
	e = Summarize("a", []float64{1, math.NaN(), 2, math.Inf(1), 3})
	if e.Mean != 2 || e.Diverged != 2 || e.Median != 3 {
		t.Errorf("%+v: want mean 2, 2 diverged, median 3", e)
	}
	// Losses are not negative, nor are the ends of their interval; logarithms may be.
	if e = SummarizeLosses("a", []float64{0.1, 0.4}); e.Low != 0 || !(e.High > 2) {
		t.Errorf("%+v: want an interval from 0", e)
	}
	if e = Summarize("a", []float64{0.1, 0.4}); !(e.Low < -1) {
		t.Errorf("%+v: want an interval from below 0", e)
	}
	if e = Summarize("a", []float64{math.NaN()}); !math.IsNaN(e.Mean) || !math.IsInf(e.Median, 1) {
		t.Errorf("%+v: want no mean and an infinite median", e)
	}
}
