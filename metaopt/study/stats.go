package study

import (
	"math"

	"metaplast/metaopt/measure"
)

// mean is that of the values with Student's 95 % interval,
//
//	mean(x) ± t_{0.975,n−1}·sd(x)/√n
//
// on the scale Ratio of their logarithms and taken back: a geometric mean, or a ratio. It is over
// the values that are finite and, for Ratio, positive, of which there are N; NaN for none, the
// interval also for one.
func (s Scale) mean(values []float64) measure.Interval {
	var x []float64
	for _, v := range values {
		if s == Ratio {
			v = math.Log(v)
		}
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			x = append(x, v)
		}
	}
	iv := measure.StudentT(x, measure.Unbounded)
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

// neutral is n times what an arm is compared with that is compared with no other.
func (s Scale) neutral(n int) []float64 {
	list := make([]float64, n)
	if s == Ratio {
		for i := range list {
			list[i] = 1
		}
	}
	return list
}

// lost reports whether an arm with this value collapsed: it has no number that can be averaged.
func (s Scale) lost(v float64) bool {
	return math.IsNaN(v) || math.IsInf(v, 0) || s == Ratio && v <= 0
}

// beyond is by how much the effect of one seed exceeds a threshold, for ranks: on the scale Ratio
// of the logarithm. Values may be infinite: that is how an arm that collapsed is ranked. It is 0
// where both arms are at the same end.
func (s Scale) beyond(a, b, threshold float64) float64 {
	if s == Ratio {
		a, b, threshold = math.Log(a), math.Log(b), math.Log(threshold)
	}
	if math.IsInf(a, 0) && a == b {
		return 0
	}
	return a - b - threshold
}

func (s Scale) String() string {
	if s == Ratio {
		return "ratio"
	}
	return "difference"
}
