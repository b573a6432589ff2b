package evaluate

import (
	"math"
	"testing"
)

func TestAccuracy(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name    string
		outputs []float64
		want    float64
	}{
		{"all right", []float64{1, 2, 3, -1, -2, -3, 0, 5, 0, 1, 0, 2}, 1},
		{"half", []float64{1, 2, 3, -5, -2, -3, 0, 5, 0, 3, 0, 2}, 0.5},
		{"the first of equals", []float64{1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0.25},
		{"NaN is wrong, and does not hide what is right", []float64{nan, nan, nan, 1, nan, 0, nan, 3, 1, 9, nan, nan}, 0.5},
	} {
		targets := []float64{0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1}
		if got := accuracy(c.outputs, targets, 3); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
