package measure

import (
	"fmt"
	"math"
	"slices"
	"sort"
)

// SignedRankTest is what SignedRank found.
type SignedRankTest struct {
	N      int     // values that are not 0: those that count
	Zeros  int     // values that are 0, which are left out
	Plus   float64 // W₊, the sum of the ranks of the positive values
	Median float64 // of all values, zeros too; infinite where the middle is
	P      float64 // two-sided, exact; 1 where no value counts
}

// SignedRank tests whether values lie about 0 symmetrically, by the ranks of their sizes alone, so
// that a value may be infinite: it ranks above all finite ones, and how far above does not matter.
//
//	W₊ = Σ_{dᵢ > 0} rank |dᵢ|
//	P  = min(1, 2·min(Pr(W₊ ≤ w), Pr(W₊ ≥ w)))
//
//	d  [n]  differences of pairs; 0 is left out, infinities of both signs share their ranks
//
// Equal sizes share the mean of their ranks. The distribution of W₊ if each sign is a fair coin is
// computed exactly, ties and all, at a cost of n³ additions. With n values that all have one sign,
// P = 2/2ⁿ: fewer than six values never reach 0.05.
//
// Use it where Student's t of the differences has no value because some of them are lost.
// It tests symmetry about 0; that is a test of the median where the differences are symmetric.
//
// Errors: ErrNonFinite for a NaN.
//
// Source: Wilcoxon, Biometrics Bulletin 1 (1945) 80–83; zeros and ties as in Hollander, Wolfe &
// Chicken, Nonparametric Statistical Methods (3rd ed. 2014), section 3.1.
func SignedRank(d []float64) (SignedRankTest, error) {
	var r SignedRankTest
	var counted []float64
	for i, v := range d {
		switch {
		case math.IsNaN(v):
			return r, &NonFiniteError{What: "differences", Index: []int{i}, Value: v}
		case v == 0:
			r.Zeros++
		default:
			counted = append(counted, v)
		}
	}
	r.N, r.P, r.Median = len(counted), 1, middle(d)
	if r.N == 0 {
		return r, nil
	}
	doubled := doubledRanks(counted)
	plus, total := 0, 0
	for i, v := range counted {
		total += doubled[i]
		if v > 0 {
			plus += doubled[i]
		}
	}
	r.Plus = float64(plus) / 2
	// chance[k] is the probability that twice the sum of the positive ranks is k.
	chance := make([]float64, total+1)
	chance[0] = 1
	sum := 0
	for _, rank := range doubled {
		sum += rank
		for k := sum; k >= 0; k-- {
			chance[k] /= 2
			if k >= rank {
				chance[k] += chance[k-rank] / 2
			}
		}
	}
	low, high := 0.0, 0.0
	for k, p := range chance {
		if k <= plus {
			low += p
		}
		if k >= plus {
			high += p
		}
	}
	r.P = min(1, 2*min(low, high))
	return r, nil
}

// doubledRanks are twice the ranks of the sizes of values, from 2: whole numbers, ties and all.
func doubledRanks(values []float64) []int {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	size := func(i int) float64 { return math.Abs(values[order[i]]) }
	sort.SliceStable(order, func(a, b int) bool { return math.Abs(values[order[a]]) < math.Abs(values[order[b]]) })
	ranks := make([]int, len(values))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && size(to) == size(from) {
			to++
		}
		for i := from; i < to; i++ {
			ranks[order[i]] = from + 1 + to // (from+1) + to = twice the mean of the ranks from+1 … to
		}
		from = to
	}
	return ranks
}

// middle is the median of values that may be infinite: of an even number the mean of the two in
// the middle, or 0 where they are infinite with different signs. NaN for none.
func middle(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	s := slices.Sorted(slices.Values(values))
	a, b := s[(len(s)-1)/2], s[len(s)/2]
	if math.IsInf(a, -1) && math.IsInf(b, 1) {
		return 0
	}
	return a/2 + b/2
}

func (r SignedRankTest) String() string {
	return fmt.Sprintf("signed ranks of %d: p = %.3g", r.N, r.P)
}
