package measure

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

func TestSparsity(t *testing.T) {
	negativeZero := math.Copysign(0, -1)
	for _, c := range []struct {
		name         string
		x            []float64
		zeros, hoyer float64
		tolerance    float64
	}{
		{"one of four", []float64{0, -7, 0, negativeZero}, 0.75, 1, 0},
		{"all alike", []float64{2, -2, 2, 2}, 0, 0, 0},
		{"all alike, rounded", slices.Repeat([]float64{0.1}, 50), 0, 0, 1e-14}, // 50 additions
		{"two of four", []float64{1, 0, 1, 0}, 0.5, 2 - math.Sqrt2, 1e-15},     // one root
		{"3-4-0", []float64{3, 4, 0}, 1.0 / 3, (math.Sqrt(3) - 1.4) / (math.Sqrt(3) - 1), 1e-15},
		{"small is not zero", []float64{1e-300, 1}, 0, 1, 1e-15},
		{"squares that overflow", []float64{3e300, 4e300, 0}, 1.0 / 3, (math.Sqrt(3) - 1.4) / (math.Sqrt(3) - 1), 1e-15},
		{"zero", []float64{0, negativeZero}, 1, nan, 0},
	} {
		before := fmt.Sprint(c.x)
		zeros, err := ZeroFraction(c.x)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		within(t, c.name+": zeros", zeros, c.zeros, 0)
		h, err := Hoyer(c.x)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		within(t, c.name+": Hoyer", h, c.hoyer, c.tolerance)
		if h < 0 || h > 1 {
			t.Errorf("%s: %v is outside of [0, 1]", c.name, h)
		}
		if fmt.Sprint(c.x) != before {
			t.Error("input modified")
		}
	}
	_, err := ZeroFraction(nil)
	fails(t, "empty", err, &TooFewError{What: "elements of values", Got: 0, Need: 1}, ErrTooFew)
	_, err = Hoyer([]float64{1})
	fails(t, "one", err, &TooFewError{What: "elements of values", Got: 1, Need: 2}, ErrTooFew)
	_, err = ZeroFraction([]float64{1, nan})
	fails(t, "NaN", err, &NonFiniteError{What: "values", Index: []int{1}, Value: nan}, ErrNonFinite)
	_, err = Hoyer([]float64{1, inf})
	fails(t, "infinite", err, &NonFiniteError{What: "values", Index: []int{1}, Value: inf}, ErrNonFinite)
}

func TestActivity(t *testing.T) {
	h := Matrix{Rows: 4, Cols: 4, Data: []float64{
		0, 1, 0, 0,
		0, 2, 2, 0,
		0, 0, 0, 0,
		0, 3, 0, 0,
	}}
	before := fmt.Sprint(h)
	a, err := Activity(h)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "zeros", a.Zeros, 0.75, 0)
	within(t, "Hoyer", a.Hoyer, (1+(2-math.Sqrt2)+1)/3, 1e-15) // a root and a mean
	if a.Silent != 1 || !slices.Equal(a.Dead, []int{0, 3}) {
		t.Errorf("%d silent, dead %v", a.Silent, a.Dead)
	}
	if fmt.Sprint(h) != before {
		t.Error("input modified")
	}

	// One active example, the last or the first, keeps a unit alive.
	for _, row := range []int{0, 3} {
		one := Matrix{Rows: 4, Cols: 2, Data: make([]float64, 8)}
		one.Row(row)[1] = -1e-300
		dead, err := DeadUnits(one)
		if err != nil || !slices.Equal(dead, []int{0}) {
			t.Errorf("alive in example %d: dead %v, %v", row, dead, err)
		}
	}
	dead, err := DeadUnits(Matrix{Rows: 1, Cols: 2, Data: []float64{1, 2}})
	if err != nil || dead == nil || len(dead) != 0 {
		t.Errorf("none dead: %#v, %v", dead, err)
	}

	a, err = Activity(Matrix{Rows: 2, Cols: 3, Data: make([]float64, 6)})
	if err != nil || a.Zeros != 1 || !math.IsNaN(a.Hoyer) || a.Silent != 2 || len(a.Dead) != 3 {
		t.Errorf("silent layer: %+v, %v", a, err)
	}
	a, err = Activity(Matrix{Rows: 2, Cols: 1, Data: []float64{1, 0}})
	if err != nil || a.Zeros != 0.5 || !math.IsNaN(a.Hoyer) || a.Silent != 1 {
		t.Errorf("one unit: %+v, %v", a, err)
	}
}
