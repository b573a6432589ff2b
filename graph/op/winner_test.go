package op_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/graph/engine"
	"metaplast/graph/op"
)

// TestWinner: one 1 in each row, at the first of the largest, whatever their sign; NaN is not hidden.
func TestWinner(t *testing.T) {
	b := op.New(tensor.Float64)
	z := inputs(t, b, "winner", [][]int{{5, 3}})[0]
	nan := math.NaN()
	copy(floats(z), []float64{-3, -1, -2, 2, 2, 1, 0, 0, 0, 1, nan, 5, math.Inf(-1), 0, math.Inf(1)})
	w := b.Winner(z)
	g, err := engine.Grad(b, b.Sum(b.Add(z, w)), z)
	if err != nil {
		t.Fatal(err)
	}
	run(t, engine.Sequential, b, w, g[0])
	want := []float64{0, 1, 0, 1, 0, 0, 1, 0, 0, nan, nan, nan, 0, 0, 1}
	for i, have := range floats(w) {
		if have != want[i] && !(math.IsNaN(have) && math.IsNaN(want[i])) {
			t.Errorf("element %d: %v: want %v", i, have, want[i])
		}
		if slope := floats(g[0])[i]; slope != 1 {
			t.Errorf("element %d of z receives %v: want 1, none of it through the winner", i, slope)
		}
	}
	if b.Winner(b.Input("v", 3)) != nil || b.Err() == nil {
		t.Error("a vector has no rows: want an error")
	}
}
