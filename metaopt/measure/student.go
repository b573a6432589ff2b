package measure

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Range is what a quantity can be: from Low to High, both included.
type Range struct{ Low, High float64 }

// The ranges of what is measured here.
var (
	Unbounded   = Range{math.Inf(-1), math.Inf(1)} // logarithms, differences of losses
	NonNegative = Range{0, math.Inf(1)}            // losses
	Share       = Range{0, 1}                      // accuracies
	ShareChange = Range{-1, 1}                     // differences of accuracies: transfer, forgetting
)

// StudentT returns the mean of values with its 95 % confidence interval, cut off at the ends of what
// the mean can be.
//
//	x̄ ± t_{0.975,n−1} · s/√n  ∩  [range.Low, range.High],   s² = Σ(x_i − x̄)²/(n−1)
//
//	values  [n]  independent of each other, each within the range
//
// The mean of what they are drawn from lies in the range, so that what is cut off never held it: the
// interval covers it exactly as often as Student's own, and is no longer than the range. With two
// values it often is the whole range, which says what two values tell: nothing.
//
// t assumes that values are normal. Then 95 % of the intervals cover, for every n; of others fewer. By
// simulation, in the test of this function, the mean is covered by
//
//	normal values                                   n = 2, 5, 30   95, 95, 95 %
//	shares of 25 answers, 80 % right                n = 3, 5, 10   95, 95, 95 %
//	shares of 25 answers, 98 % right                n = 3, 5, 10   75, 91, 95 %
//	lognormal losses, σ = 0.5                       n = 3, 5, 10   92, 92, 92 %
//	lognormal losses, σ = 1: the mean 1.6 medians   n = 3, 5, 10   84, 82, 84 %
//
// Where all values are equal the interval is a point: shares of 1 say nothing of how far below 1
// the mean may be.
//
// For n = 0 all is NaN, for n = 1 the ends are; a value that is not finite makes ends NaN. The values
// are not modified. Cost: two passes.
//
// Source: Student, Biometrika 6 (1908) 1–25; Mandelkern, Setting Confidence Intervals for Bounded
// Parameters, Statistical Science 17 (2002) 149–172, for the intersection with the range. Not
// Bootstrap, whose ends cannot leave the range of the values but which is too narrow for few.
func StudentT(values []float64, of Range) Interval {
	n := len(values)
	iv := Interval{Estimate: math.NaN(), Low: math.NaN(), High: math.NaN(), N: n}
	if n == 0 {
		return iv
	}
	mean, sd := stat.MeanStdDev(values, nil)
	iv.Estimate = mean
	if n == 1 {
		return iv
	}
	half := distuv.StudentsT{Sigma: 1, Nu: float64(n - 1)}.Quantile(0.975) * sd / math.Sqrt(float64(n))
	iv.Low, iv.High = max(mean-half, of.Low), min(mean+half, of.High)
	return iv
}
