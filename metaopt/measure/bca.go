package measure

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

var normal = distuv.UnitNormal

// bias returns z0. A share of 0 or 1, which only chance can give, counts as half a resample.
func bias(sorted []float64, estimate float64) float64 {
	below, _ := slices.BinarySearch(sorted, estimate)
	ties := 0
	for _, v := range sorted[below:] {
		if v != estimate {
			break
		}
		ties++
	}
	b := float64(len(sorted))
	share := (float64(below) + float64(ties)/2) / b
	return normal.Quantile(min(1-0.5/b, max(0.5/b, share)))
}

// acceleration returns a of a mean; 0 where all values are equal.
func acceleration(x []float64, mean float64) float64 {
	squares, cubes := 0.0, 0.0
	for _, v := range x {
		d := v - mean
		squares += float64(d * d)
		cubes += float64(d * d * d)
	}
	if squares == 0 {
		return 0
	}
	return cubes / (6 * squares * math.Sqrt(squares))
}

// corrected returns the level at which BCa reads the quantile q. Where the denominator
// reaches 0, the level has reached the end of the resamples.
func corrected(q, z0, a float64) float64 {
	z := z0 + normal.Quantile(q)
	d := 1 - float64(a*z)
	if d <= 0 {
		if z > 0 {
			return 1
		}
		return 0
	}
	return normal.CDF(z0 + z/d)
}
