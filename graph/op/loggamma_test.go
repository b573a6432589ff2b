package op_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/graph/engine"
	"metaplast/graph/op"
)

// TestLogGamma compares log Γ and its derivatives with what is known of them: log (n−1)!, Γ(½) = √π, ψ(1) = −γ,
// ψ′(1) = π²/6, ψ′(½) = π²/2, ψ″(1) = −2 ζ(3), and ψ(x+1) = ψ(x) + 1/x.
func TestLogGamma(t *testing.T) {
	const euler, apery = 0.57721566490153286061, 1.20205690315959428540
	b := op.New(tensor.Float64)
	x := inputs(t, b, "gamma", [][]int{{7}})[0]
	copy(floats(x), []float64{0.5, 1, 2, 10, 150, 0, -0.5})
	log, first, second, third := b.LogGamma(x), b.Polygamma(x, 0), b.Polygamma(x, 1), b.Polygamma(x, 2)
	run(t, engine.Sequential, b, log, first, second, third)
	for _, c := range []struct {
		name string
		have []float64
		want map[int]float64
	}{
		{"log Γ", floats(log), map[int]float64{0: math.Log(math.Pi) / 2, 1: 0, 2: 0, 3: math.Log(362880), 5: math.Inf(1), 6: math.NaN()}},
		{"ψ", floats(first), map[int]float64{0: -euler - 2*math.Ln2, 1: -euler, 2: 1 - euler, 5: math.NaN(), 6: math.NaN()}},
		{"ψ′", floats(second), map[int]float64{0: math.Pi * math.Pi / 2, 1: math.Pi * math.Pi / 6, 2: math.Pi*math.Pi/6 - 1, 6: math.NaN()}},
		{"ψ″", floats(third), map[int]float64{1: -2 * apery, 2: -2*apery + 2}},
	} {
		for i, want := range c.want {
			same := c.have[i] == want || math.IsNaN(want) && math.IsNaN(c.have[i])
			if !same && !(math.Abs(c.have[i]-want) <= 1e-14*(1+math.Abs(want))) {
				t.Errorf("%s(%v): %.17g: want %.17g", c.name, floats(x)[i], c.have[i], want)
			}
		}
	}
}
