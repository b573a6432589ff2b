package measure

import (
	"fmt"
	"testing"

	"metaplast/data/fault"
)

func TestOverlap(t *testing.T) {
	r := random("overlap")
	updates := [][]float64{gaussian(r, 11), gaussian(r, 11), times(-3, gaussian(r, 11)), make([]float64, 11), gaussian(r, 11)}
	before := fmt.Sprint(updates)
	got, err := Overlap(updates)
	if err != nil {
		t.Fatal(err)
	}
	want := table(5, 5)
	for i := range want {
		for j := range want {
			want[i][j] = plainCosine(updates[i], updates[j]) // 0/0 in row and column 3
		}
	}
	withinTable(t, "overlap", got, want, 1e-15) // a dozen additions
	for i := range got {
		if i != 3 && got[i][i] != 1 {
			t.Errorf("diagonal %d is %v", i, got[i][i])
		}
	}
	if fmt.Sprint(updates) != before {
		t.Error("input modified")
	}
}

func TestOverlapKnown(t *testing.T) {
	got, err := Overlap([][]float64{{1, 0, 0}, {0, 5, 0}, {0, 0, -2}, {-4, 0, 0}})
	if err != nil {
		t.Fatal(err)
	}
	withinTable(t, "axes", got, [][]float64{{1, 0, 0, -1}, {0, 1, 0, 0}, {0, 0, 1, 0}, {-1, 0, 0, 1}}, 0)
}

func TestOverlapRefused(t *testing.T) {
	_, err := Overlap(nil)
	fails(t, "none", err, &TooFewError{What: "updates", Got: 0, Need: 1}, ErrTooFew)
	_, err = Overlap([][]float64{{}, {}})
	fails(t, "empty", err, &TooFewError{What: "elements of updates", Got: 0, Need: 1}, ErrTooFew)
	_, err = Overlap([][]float64{{1, 2}, {1, 2}, {1}})
	fails(t, "ragged", err, &fault.Length{What: "updates", Index: []int{2}, Got: 1, Want: 2}, fault.ErrLength)
	_, err = Overlap([][]float64{{1, 2}, {1, inf}})
	fails(t, "infinite", err, &NonFiniteError{What: "updates", Index: []int{1, 1}, Value: inf}, ErrNonFinite)
}
