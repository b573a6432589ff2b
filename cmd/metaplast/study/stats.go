package study

import (
	"math"

	"metaplast/metaopt"
	"metaplast/metaopt/measure"
)

// mean is that of the values with Student's 95 % interval, on the scale Ratio of their
// logarithms and taken back: a geometric mean, or a ratio. It is NaN, and has no interval,
// where a value is not finite or, for Ratio, not positive; the interval is NaN also for one
// value.
func (s Scale) mean(values []float64) measure.Interval {
	nan := math.NaN()
	none := measure.Interval{Estimate: nan, Low: nan, High: nan, N: len(values)}
	x := make([]float64, len(values))
	for i, v := range values {
		if s == Ratio {
			v = math.Log(v)
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return none
		}
		x[i] = v
	}
	e := metaopt.Summarize("", x)
	iv := measure.Interval{Estimate: e.Mean, Low: e.Low, High: e.High, N: len(x)}
	if s == Ratio {
		iv.Estimate, iv.Low, iv.High = math.Exp(iv.Estimate), math.Exp(iv.Low), math.Exp(iv.High)
	}
	return iv
}

// effect is that of one seed.
func (s Scale) effect(a, b float64) float64 {
	if s == Ratio {
		return a / b
	}
	return a - b
}

func (s Scale) String() string {
	if s == Ratio {
		return "ratio"
	}
	return "difference"
}
