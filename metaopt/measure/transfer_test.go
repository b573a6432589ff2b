package measure

import (
	"fmt"
	"testing"

	"metaplast/data/fault"
)

// Four tasks; the numbers are multiples of 1/64, so that sums are exact.
func accuracies() [][]float64 {
	r := [][]float64{
		{60, 20, 12, 16},
		{50, 56, 10, 18},
		{40, 58, 48, 22},
		{44, 30, 36, 52},
	}
	for i := range r {
		r[i] = times(1.0/64, r[i])
	}
	return r
}

func negative(r [][]float64) [][]float64 {
	n := make([][]float64, len(r))
	for i := range r {
		n[i] = times(-1, r[i])
	}
	return n
}

func TestTransfer(t *testing.T) {
	r, b := accuracies(), []float64{nan, 8.0 / 64, 16.0 / 64, 12.0 / 64} // b[0] is not read
	before := fmt.Sprint(r, b)
	// By hand from the papers' formulas.
	const (
		acc = (44 + 30 + 36 + 52) / 4.0 / 64
		bwt = ((44 - 60) + (30 - 56) + (36 - 48)) / 3.0 / 64
		fwt = ((20 - 8) + (10 - 16) + (22 - 12)) / 3.0 / 64
		fgt = ((60 - 44) + (58 - 30) + (48 - 36)) / 3.0 / 64 // task 1 was at its best, 58, after task 2
	)
	for _, c := range []struct {
		name string
		f    func() (float64, error)
		want float64
	}{
		{"average", func() (float64, error) { return AverageFinal(r) }, acc},
		{"backward", func() (float64, error) { return BackwardTransfer(r, Accuracy) }, bwt},
		{"forward", func() (float64, error) { return ForwardTransfer(r, b, Accuracy) }, fwt},
		{"forgetting", func() (float64, error) { return Forgetting(r, Accuracy) }, fgt},
		// A loss of −accuracy is as good or bad as the accuracy.
		{"average loss", func() (float64, error) { return AverageFinal(negative(r)) }, -acc},
		{"backward, loss", func() (float64, error) { return BackwardTransfer(negative(r), Loss) }, bwt},
		{"forward, loss", func() (float64, error) { return ForwardTransfer(negative(r), times(-1, b), Loss) }, fwt},
		{"forgetting, loss", func() (float64, error) { return Forgetting(negative(r), Loss) }, fgt},
	} {
		got, err := c.f()
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		within(t, c.name, got, c.want, 1e-16) // one division
	}
	if fmt.Sprint(r, b) != before {
		t.Error("input modified")
	}
}

// Forgetting looks for the best also above the diagonal, before the task's own turn, but not
// in the last row: there it is negative where the last task helped.
func TestForgettingRange(t *testing.T) {
	got, err := Forgetting([][]float64{{3, 9, 0}, {3, 4, 0}, {5, 6, 0}}, Accuracy)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "forgetting", got, ((3-5)+(9-6))/2.0, 0)
}

// Each measure reads what its documentation says and nothing else.
func TestTransferReads(t *testing.T) {
	for _, c := range []struct {
		name  string
		f     func(r [][]float64) error
		reads string // row by row, x where an element is read
	}{
		{"average", func(r [][]float64) error { _, err := AverageFinal(r); return err }, "... ... xxx"},
		{"backward", func(r [][]float64) error { _, err := BackwardTransfer(r, Accuracy); return err }, "x.. .x. xx."},
		{"forward", func(r [][]float64) error { _, err := ForwardTransfer(r, []float64{0, 0, 0}, Accuracy); return err }, ".x. ..x ..."},
		{"forgetting", func(r [][]float64) error { _, err := Forgetting(r, Accuracy); return err }, "xx. xx. xx."},
		{"retention", func(r [][]float64) error { _, err := Retain(r); return err }, "x.. xx. xxx"},
	} {
		for i := range 3 {
			for j := range 3 {
				r := [][]float64{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}
				r[i][j] = nan
				err := c.f(r)
				if c.reads[4*i+j] == '.' {
					if err != nil {
						t.Errorf("%s: NaN at [%d %d], which it does not need: %v", c.name, i, j, err)
					}
					continue
				}
				what := results
				if c.name == "retention" {
					what = "losses"
				}
				fails(t, c.name, err, &NonFiniteError{What: what, Index: []int{i, j}, Value: nan}, ErrNonFinite)
			}
		}
	}
}

func TestTransferRefused(t *testing.T) {
	type measure = func(r [][]float64, s Score) error
	for name, f := range map[string]measure{
		"backward": func(r [][]float64, s Score) error { _, err := BackwardTransfer(r, s); return err },
		"forward": func(r [][]float64, s Score) error {
			_, err := ForwardTransfer(r, make([]float64, len(r)), s)
			return err
		},
		"forgetting": func(r [][]float64, s Score) error { _, err := Forgetting(r, s); return err },
	} {
		fails(t, name, f([][]float64{{1}}, Accuracy), &TooFewError{What: "rows of results", Got: 1, Need: 2}, ErrTooFew)
		fails(t, name, f([][]float64{{1, 2}, {1}}, Loss), &fault.Length{What: "row of results", Index: []int{1}, Got: 1, Want: 2}, fault.ErrLength)
		fails(t, name, f(accuracies(), 2), &SettingError{Field: "Score", Value: 2, Want: "Accuracy or Loss"}, fault.ErrSetting)
		huge := [][]float64{{1e308, 1e308}, {-1e308, 0}}
		if name == "forward" {
			continue
		}
		fails(t, name, f(huge, Accuracy), &NonFiniteError{What: "sum of results", Value: map[string]float64{"backward": -inf, "forgetting": inf}[name]}, ErrNonFinite)
	}
	_, err := AverageFinal(nil)
	fails(t, "average", err, &TooFewError{What: "rows of results", Got: 0, Need: 1}, ErrTooFew)
	_, err = AverageFinal([][]float64{{1, 2}})
	fails(t, "average", err, &fault.Length{What: "row of results", Index: []int{0}, Got: 2, Want: 1}, fault.ErrLength)
	if got, err := AverageFinal([][]float64{{3}}); got != 3 || err != nil {
		t.Errorf("average of one task: %v, %v", got, err)
	}
	_, err = ForwardTransfer(accuracies(), nil, Accuracy)
	fails(t, "no baseline", err, &fault.Length{What: "baseline", Got: 0, Want: 4}, fault.ErrLength)
	_, err = ForwardTransfer(accuracies(), []float64{0, 0, inf, 0}, Accuracy)
	fails(t, "baseline", err, &NonFiniteError{What: "baseline", Index: []int{2}, Value: inf}, ErrNonFinite)
}
