package op_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/graph/engine"
	"metaplast/graph/op"
)

// TestLogDistanceFar takes the sum where products of a few factors overflow, vanish, or are no numbers.
func TestLogDistanceFar(t *testing.T) {
	const in = 9
	b := op.New(tensor.Float64)
	x := inputs(t, b, "far", [][]int{{1, in}, {5, in}, {5, in}})
	clear(floats(x[0]))
	clear(floats(x[1]))
	var want [5]float64
	for i, v := range []float64{1e80, 1e-80, 3, math.NaN(), 0} {
		for j := range in {
			floats(x[2])[i*in+j] = v
			want[i] += math.Log(v)
		}
	}
	c := b.LogDistance(x[0], x[1], x[2])
	run(t, engine.Sequential, b, c)
	for i, have := range floats(c) {
		if same := have == want[i] || math.IsNaN(have) && math.IsNaN(want[i]); !same && !(math.Abs(have-want[i]) <= 1e-14*math.Abs(want[i])) {
			t.Errorf("row %d: %v: want %v", i, have, want[i])
		}
	}
}
