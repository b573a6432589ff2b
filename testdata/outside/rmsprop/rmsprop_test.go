package rmsprop

import (
	"math"
	"testing"

	"metaplast/graph"
	"metaplast/metaopt/optim"
	"metaplast/metaopt/optim/optimtest"
)

func TestRMSProp(t *testing.T) { optimtest.Check(t, Default) }

// TestFormula compares three steps of one parameter with the formula.
func TestFormula(t *testing.T) {
	o, err := RMSProp{Decay: 0.5, Epsilon: 0.1}.New(optim.Rates{graph.Weights: 0.2},
		[]optim.Segment{{Name: "W0", Group: graph.Weights, Shape: []int{1}, Size: 1, Learned: true}})
	if err != nil {
		t.Fatal(err)
	}
	theta, want := []float64{1}, 1.0
	for k, g := range []float64{3, -1, 2} {
		if err := o.Step(theta, []float64{g}, 1); err != nil {
			t.Fatal(err)
		}
		v := []float64{4.5, 2.75, 3.375}[k] // 9/2, (9/2 + 1)/2, (11/4 + 4)/2
		want -= 0.2 * g / (math.Sqrt(v) + 0.1)
		if math.Abs(theta[0]-want) > 1e-15 {
			t.Errorf("step %d: θ = %v, want %v", k+1, theta[0], want)
		}
	}
}
