package antithetic

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/metaopt"
)

// TestMean averages many estimates: they approach the exact gradient.
func TestMean(t *testing.T) {
	learner, err := graph.Preset("flp")
	if err != nil {
		t.Fatal(err)
	}
	sine := data.Sine{Functions: 1, Steps: 3, Batch: 4, Query: 8}
	cfg := graph.Config{Network: graph.MLP(2, []int{4}, 1, 0, objective.MSE), Learners: []graph.NamedLearner{{Name: "mine", Learner: learner}},
		Steps: 3, Batch: 4, Query: 8, Dtype: tensor.Float64}
	episode, err := sine.Sample(1, data.Train, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	estimate := func(e metaopt.Estimation, rounds int) []float64 {
		m, err := graph.New(e.Configure(cfg))
		if err != nil {
			t.Fatal(err)
		}
		est, err := e.New(m)
		if err != nil {
			t.Fatal(err)
		}
		defer est.Close()
		theta := m.Layout(0).Init(1)
		mean := make([]float64, len(theta))
		for round := range rounds {
			w := metaopt.Work{Seed: 1, Episode: uint64(round), Data: episode, Theta: [][]float64{theta},
				Gradient: [][]float64{make([]float64, len(theta))}, Outcomes: make([]metaopt.Outcome, 1)}
			if err := est.Estimate(&w); err != nil {
				t.Fatal(err)
			}
			floats.AddScaled(mean, 1/float64(rounds), w.Gradient[0])
		}
		return mean
	}
	exact, mean := estimate(metaopt.Exact{}, 1), estimate(Antithetic{Sigma: 1e-4}, 4000)
	// Of n estimates of d parameters the error is about √(d/n) of the gradient's norm.
	bound := 3 * math.Sqrt(float64(len(exact))/4000)
	floats.Sub(mean, exact)
	if d := floats.Norm(mean, 2) / floats.Norm(exact, 2); d > bound {
		t.Errorf("the mean is %.3f of the gradient's norm away from it, want at most %.3f", d, bound)
	}
}
