package measure

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"metaplast/data/fault"
)

func TestGroupPairs(t *testing.T) {
	m := [][]float64{
		{1, 2, 3, 4},
		{5, 6, 7, nan},
		{9, 10, 11, 12},
		{13, 14, 15, nan}, // the diagonal is not even looked at for NaN
	}
	before := fmt.Sprint(m)
	g, err := GroupPairs(m, []int{7, -1, 7, 3})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(g.Labels, []int{-1, 3, 7}) {
		t.Errorf("labels %v", g.Labels)
	}
	withinTable(t, "mean", g.Mean, [][]float64{
		{nan, nan, 6}, // 1 → 0, 2: 5, 7
		{14, nan, 14}, // 3 → 1; 3 → 0, 2: 13, 15
		{6, 8, 6},     // 0, 2 → 1: 2, 10; 0, 2 → 3: 4, 12; 0 ↔ 2: 3, 9
	}, 0)
	if got := fmt.Sprint(g.Pairs); got != "[[0 0 2] [1 0 2] [2 2 2]]" {
		t.Errorf("pairs %v", got)
	}
	within(t, "within", g.Within, 6, 0)
	within(t, "between", g.Between, (2+4+5+7+10+12+13+14+15)/9.0, 1e-15) // one division
	if g.WithinPairs != 2 || g.BetweenPairs != 9 || g.Undefined != 1 {
		t.Errorf("%d within, %d between, %d undefined", g.WithinPairs, g.BetweenPairs, g.Undefined)
	}
	if fmt.Sprint(m) != before {
		t.Error("input modified")
	}

	g, err = GroupPairs([][]float64{{1, 2}, {4, 1}}, []int{5, 5})
	if err != nil || g.Within != 3 || !math.IsNaN(g.Between) || g.BetweenPairs != 0 {
		t.Errorf("one group: %+v, %v", g, err)
	}
	g, err = GroupPairs([][]float64{{1, 2}, {4, 1}}, []int{5, 6})
	if err != nil || !math.IsNaN(g.Within) || g.Between != 3 || g.WithinPairs != 0 {
		t.Errorf("no pair within: %+v, %v", g, err)
	}
}

// Updates of two tasks in orthogonal subspaces overlap within the tasks and not between.
func TestGroupPairsOfOverlap(t *testing.T) {
	o, err := Overlap([][]float64{{1, 0, 0}, {2, 0, 0}, {0, 1, 1}, {0, 1, 0}, {0, 0, 0}})
	if err != nil {
		t.Fatal(err)
	}
	g, err := GroupPairs(o, []int{0, 0, 1, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "within", g.Within, (2+2*math.Sqrt2/2)/4, 1e-15) // two roots and a mean
	within(t, "between", g.Between, 0, 0)
	if g.Undefined != 8 { // the zero update with four others, both ways
		t.Errorf("%d undefined", g.Undefined)
	}
}

func TestGroupPairsRefused(t *testing.T) {
	for _, c := range []struct {
		name     string
		m        [][]float64
		labels   []int
		want     error
		sentinel error
	}{
		{"one item", [][]float64{{1}}, []int{0}, &TooFewError{What: "rows of table of pairs", Got: 1, Need: 2}, ErrTooFew},
		{"not square", [][]float64{{1, 2}, {1, 2, 3}}, []int{0, 1}, &fault.Length{What: "row of table of pairs", Index: []int{1}, Got: 3, Want: 2}, fault.ErrLength},
		{"labels", [][]float64{{1, 2}, {1, 2}}, []int{0}, &fault.Length{What: "labels", Got: 1, Want: 2}, fault.ErrLength},
		{"infinite", [][]float64{{1, 2}, {-inf, 2}}, []int{0, 0}, &NonFiniteError{What: "table of pairs", Index: []int{1, 0}, Value: -inf}, ErrNonFinite},
		{"infinite diagonal", [][]float64{{1, 2}, {1, inf}}, []int{0, 0}, &NonFiniteError{What: "table of pairs", Index: []int{1, 1}, Value: inf}, ErrNonFinite},
		{"overflow in a group", [][]float64{{1, 1e308}, {1e308, 2}}, []int{0, 0}, &NonFiniteError{What: "sum over a group", Index: []int{0, 0}, Value: inf}, ErrNonFinite},
		{"overflow over groups", [][]float64{{1, 1e308}, {1e308, 2}}, []int{0, 1}, &NonFiniteError{What: "sum over groups", Value: inf}, ErrNonFinite},
	} {
		_, err := GroupPairs(c.m, c.labels)
		fails(t, c.name, err, c.want, c.sentinel)
	}
}
