package bench_test

import (
	"context"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/graph"
	"metaplast/graph/blas"
	"metaplast/graph/op"
	"metaplast/metaopt"
	"metaplast/metaopt/bench"
)

func plan(t *testing.T) metaopt.Plan {
	t.Helper()
	task := data.Sine{Functions: 2, Steps: 3, Batch: 4, Query: 5, Order: data.Continual}
	flp, err := graph.Preset("flp")
	if err != nil {
		t.Fatal(err)
	}
	spec := task.Spec()
	return metaopt.Plan{
		Graph: graph.Config{Network: graph.MLP(spec.Inputs[0], []int{7}, spec.Outputs, 0, spec.Loss), Dtype: tensor.Float32,
			Learners: []graph.NamedLearner{{Name: "flp", Learner: flp}}},
		Sampler: task, Seed: 1, Workers: 1, Memory: 1 << 28,
		Settings: metaopt.Settings{Steps: 10, Batch: 2, EvalEpisodes: 2, CheckpointEvery: 1,
			Rates: map[string]float64{graph.Weights: 1e-3, graph.Feedback: 1e-3, graph.Plasticity: 1e-3, graph.Strength: 1e-3}},
	}
}

// TestRun checks what can be known beforehand: the operations, and that the parts fit.
func TestRun(t *testing.T) {
	r, err := bench.Run(context.Background(), "tiny", plan(t), bench.Options{Repeat: 3})
	if err != nil {
		t.Fatal(err)
	}
	// Weights: 3→7→1, n = 28 synapses. Per inner step of N = 4 examples, in units of 2 N n:
	// forward, Hebbian product, its repetition, ∂h and ∂p of the rule, ∂W; and W's ∂h, which
	// layer 0 needs not. Feedback [7,1] and [1,1] forward, ∂B and ∂s. The query of 10: forward,
	// ∂W, and ∂h of layer 1.
	const n, n1, fb = 28, 7, 8
	steps := 6.0 * (2 * 4 * (6*n + n1 + 3*fb))
	// What nobody needs is left out: the rule's ∂h of layer 0, and in the first step nothing
	// before the weights.
	steps -= 6 * 2 * 4 * 21
	query := 2.0 * 10 * (2*n + n1)
	if want := 2 * (steps + query); r.FLOPs != want {
		t.Errorf("%g FLOPs a meta-step: want %g", r.FLOPs, want)
	}
	if r.Nodes < 100 || r.SecondsPerMetaStep <= 0 || r.RooflineSeconds <= 0 || r.Bandwidth <= 0 ||
		r.RooflineFraction <= 0 || r.FastestSeconds > r.SlowestSeconds {
		t.Errorf("report %+v", r)
	}
	share, runs := 0.0, 0
	for _, k := range r.Profile {
		share += k.Share
		runs += k.Runs
	}
	if share < 0.999 || share > 1.001 || runs < 100 {
		t.Errorf("shares add up to %g over %d runs", share, runs)
	}
}

func TestRate(t *testing.T) {
	lib, err := blas.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		m := &bench.Machine{Threads: 2, Dtype: dt, Library: lib}
		p := op.Product{TA: true, M: 64, N: 64, K: 32}
		if r := m.Rate(p); r < 1e8 || r > 1e13 || r != m.Rate(p) {
			t.Errorf("%v: %g FLOP/s", dt, r)
		}
	}
}
