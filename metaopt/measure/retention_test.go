package measure

import (
	"fmt"
	"testing"

	"metaplast/data/fault"
)

func TestRetain(t *testing.T) {
	l := [][]float64{
		{1, nan, nan},
		{4, 2, nan},
		{3, 1.5, 0.25},
	}
	before := fmt.Sprint(l)
	r, err := Retain(l)
	if err != nil {
		t.Fatal(err)
	}
	withinAll(t, "learned", r.Learned, []float64{1, 2, 0.25}, 0)
	withinTable(t, "change", r.Change, [][]float64{{0, 3, 2}, {0, -0.5}, {0}}, 0)
	withinAll(t, "by age", r.ByAge, []float64{0, 1.25, 2}, 0)
	withinAll(t, "final", r.Final, []float64{2, -0.5, 0}, 0)
	withinAll(t, "worst", r.Worst, []float64{3, 0, 0}, 0)
	if fmt.Sprint(l) != before {
		t.Error("input modified")
	}

	bwt, err := BackwardTransfer(l, Loss)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "backward transfer", -bwt, (r.Final[0]+r.Final[1])/2, 0)

	r, err = Retain([][]float64{{5}})
	if err != nil {
		t.Fatal(err)
	}
	withinTable(t, "one task", r.Change, [][]float64{{0}}, 0)
}

func TestRetainRefused(t *testing.T) {
	_, err := Retain(nil)
	fails(t, "none", err, &TooFewError{What: "rows of losses", Got: 0, Need: 1}, ErrTooFew)
	_, err = Retain([][]float64{{1, 2}, {1}})
	fails(t, "ragged", err, &fault.Length{What: "row of losses", Index: []int{1}, Got: 1, Want: 2}, fault.ErrLength)
	_, err = Retain([][]float64{{-1e308, 0}, {1e308, 0}})
	fails(t, "difference", err, &NonFiniteError{What: "change of loss", Index: []int{0, 1}, Value: inf}, ErrNonFinite)
	_, err = Retain([][]float64{{0, 0, 0}, {1e308, 0, 0}, {0, 1e308, 0}})
	fails(t, "sum", err, &NonFiniteError{What: "sum of changes at age", Index: []int{1}, Value: inf}, ErrNonFinite)
}
