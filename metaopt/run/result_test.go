package run

import (
	"math"
	"testing"

	"metaplast/metaopt/measure"
)

// TestRatio asks that trained and untrained are compared on the same episodes.
func TestRatio(t *testing.T) {
	inf, nan := measure.Number(math.Inf(1)), measure.Number(math.NaN())
	for _, c := range []struct{ before, after, want measure.Number }{{4, 0.1, 0.025}, {4, inf, inf}, {inf, 0.1, nan}, {inf, inf, nan}} {
		var l LearnerResult
		l.Measured(HeldOut{Mean: 4, Median: c.before, Episodes: 3, Diverged: 2}, HeldOut{Mean: 8, Median: c.after, Episodes: 3}, 0)
		if l.Ratio != c.want && !(l.Ratio != l.Ratio && c.want != c.want) {
			t.Errorf("medians %v and %v: ratio %v, want %v", c.before, c.after, l.Ratio, c.want)
		}
	}
}
