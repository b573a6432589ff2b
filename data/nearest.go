package data

import "slices"

// NearestNeighbour is the accuracy on an episode's query set of the simplest learner there is: every
// query example gets the targets of the support example whose inputs are nearest,
//
//	n* = argmin_n Σ_j (x_j − s_nj)²    the first of equals
//
// and counts if its largest target is in the same place. It is the floor that a learner of images
// has to beat, and with one shot of few classes it tells how hard a bank is. Remembered examples
// count as wrong, for their classes are not in the support stream.
//
// The episode must be valid. Cost: M·T·N·n_in multiplications.
func NearestNeighbour(e Episode) float64 {
	sx, sy := e.SupportX.Data().([]float64), e.SupportY.Data().([]float64)
	qx, qy := e.QueryX.Data().([]float64), e.QueryY.Data().([]float64)
	n, m := len(e.SupportTask), len(e.QueryTask)
	in, out := len(sx)/n, len(sy)/n
	right := 0
	for i := range m {
		x := qx[i*in : (i+1)*in]
		best, least := 0, -1.0
		for k := range n {
			if d := distance(x, sx[k*in:(k+1)*in], least); least < 0 || d < least {
				best, least = k, d
			}
		}
		if largest(qy[i*out:(i+1)*out]) == largest(sy[best*out:(best+1)*out]) {
			right++
		}
	}
	return float64(right) / float64(m)
}

// distance is the squared distance, or any larger number than limit once it exceeds that; a
// negative limit is none.
func distance(a, b []float64, limit float64) float64 {
	sum := 0.0
	for j, v := range a {
		d := v - b[j]
		sum += float64(d * d)
		if j%64 == 63 && limit >= 0 && sum > limit {
			break
		}
	}
	return sum
}

// largest returns the index of the first largest value.
func largest(v []float64) int { return slices.Index(v, slices.Max(v)) }
