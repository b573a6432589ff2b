package measure

import (
	"math"
	"slices"
)

// Median returns the median of the values that are not NaN: for an even number of them the mean of
// the middle two, NaN if there are none. Infinities count. The values are not modified. Cost: sorts
// a copy.
//
// Not evaluate.Evaluation's median, for which a NaN is an episode that diverged and counts as +Inf.
func Median(values []float64) float64 {
	s := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	if len(s) == 0 {
		return math.NaN()
	}
	slices.Sort(s)
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}
