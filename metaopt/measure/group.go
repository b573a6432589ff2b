package measure

import (
	"math"
	"slices"

	"metaplast/data/fault"
)

// Groups are the means of a table of pairs within and between the groups of its items.
type Groups struct {
	Labels []int       // the G different labels, ascending: what an index below stands for
	Mean   [][]float64 // [G,G] mean over the pairs (i, j), i in the first group, j in the second
	Pairs  [][]int     // [G,G] how many pairs that is; Mean is NaN where it is 0

	Within       float64 // mean over all pairs of one group; NaN if there is none
	WithinPairs  int
	Between      float64 // mean over all pairs of different groups; NaN if there is none
	BetweenPairs int

	Undefined int // pairs that are NaN in the table; they count nowhere else
}

// GroupPairs averages a table of ordered pairs (i, j), i ≠ j, by the labels of i and j.
//
//	Mean[a][b] = mean of m[i][j] over i ≠ j, label i = a, label j = b
//	Within     = mean of m[i][j] over i ≠ j, label i = label j
//	Between    = mean of m[i][j] over        label i ≠ label j
//
//	m       [K,K]  K ≥ 2, a table such as Overlap's or Interference's
//	labels  [K]    class or task of each item; any integers
//
// The diagonal is left out: an update's overlap with itself is 1 whatever the rule. NaN
// stands for an undefined pair, which is left out and counted in Undefined; the mean is over
// those that are left. Within and Between weigh pairs, not groups: a class with more items
// counts for more. For equal weights average Mean.
//
// Errors: ErrTooFew, fault.ErrLength for a table that is not square or labels that do not fit,
// ErrNonFinite for an infinity in the table or a mean that overflows. Cost: one pass over m.
func GroupPairs(m [][]float64, labels []int) (Groups, error) {
	const what = "table of pairs"
	if err := square(what, m, 2); err != nil {
		return Groups{}, err
	}
	if len(labels) != len(m) {
		return Groups{}, &fault.Length{What: "labels", Got: len(labels), Want: len(m)}
	}
	var g Groups
	g.Labels = slices.Compact(slices.Sorted(slices.Values(labels)))
	index := make([]int, len(labels))
	for i, l := range labels {
		index[i], _ = slices.BinarySearch(g.Labels, l)
	}
	g.Mean = table(len(g.Labels), len(g.Labels))
	g.Pairs = make([][]int, len(g.Labels))
	for a := range g.Pairs {
		g.Pairs[a] = make([]int, len(g.Labels))
	}
	for i, row := range m {
		for j, v := range row {
			if math.IsInf(v, 0) {
				return Groups{}, &NonFiniteError{What: what, Index: []int{i, j}, Value: v}
			}
			if i == j {
				continue
			}
			if math.IsNaN(v) {
				g.Undefined++
				continue
			}
			a, b := index[i], index[j]
			g.Mean[a][b] += v
			g.Pairs[a][b]++
			if a == b {
				g.Within += v
				g.WithinPairs++
			} else {
				g.Between += v
				g.BetweenPairs++
			}
		}
	}
	// Every element is finite, so a sum that is not has overflowed. 0/0 is the promised NaN.
	for a := range g.Mean {
		for b, sum := range g.Mean[a] {
			if !isFinite(sum) {
				return Groups{}, &NonFiniteError{What: "sum over a group", Index: []int{a, b}, Value: sum}
			}
			g.Mean[a][b] = sum / float64(g.Pairs[a][b])
		}
	}
	for _, sum := range []float64{g.Within, g.Between} {
		if !isFinite(sum) {
			return Groups{}, &NonFiniteError{What: "sum over groups", Value: sum}
		}
	}
	g.Within /= float64(g.WithinPairs)
	g.Between /= float64(g.BetweenPairs)
	return g, nil
}
