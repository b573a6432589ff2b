package graph_test

import (
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/graph"
	"metaplast/graph/engine"
)

// TestInnerMatchesUnrolled asks for the same from the inner loop run step by step and from the
// unrolled graph, as exactly as Inner says, for every preset at once, on every machine.
func TestInnerMatchesUnrolled(t *testing.T) {
	task := data.Sine{Functions: 2, Steps: 3, Batch: 2, Query: 3}
	for name, c := range map[string]struct {
		machine    engine.Machine
		activation string
	}{
		"sequential": {engine.Sequential, graph.Relu}, "tape": {engine.Tape, graph.Relu},
		"sequential, tanh": {engine.Sequential, "tanh"}, "planned, softplus": {nil, "softplus(4)"},
	} {
		spec := task.Spec()
		cfg := graph.Config{Network: graph.MLP(spec.Inputs[0], []int{7, 6, 5}, 1, 1, "mse"), Learners: graph.Presets(),
			Steps: spec.Steps, Batch: spec.Batch, Query: spec.Query, Dtype: tensor.Float32, Machine: c.machine}
		for l := range 3 {
			cfg.Network.Layers[l].Activation = c.activation
		}
		u, err := graph.Unroll(cfg)
		if err != nil {
			t.Fatal(err)
		}
		in, err := graph.NewInner(cfg)
		if err != nil {
			t.Fatal(err)
		}
		for episode := range uint64(2) {
			ep, err := task.Sample(3, data.Train, 0, episode)
			if err != nil {
				t.Fatal(err)
			}
			for i := range cfg.Learners {
				theta := u.Layout(i).Init(9)
				for j := range theta { // α must not be zero
					theta[j] += 0.01
				}
				if err := u.SetParams(i, theta); err != nil {
					t.Fatal(err)
				}
				if err := in.SetParams(i, theta); err != nil {
					t.Fatal(err)
				}
			}
			if err := u.Bind(ep.Arrays()); err != nil {
				t.Fatal(err)
			}
			if err := u.Run(); err != nil {
				t.Fatal(err)
			}
			in.Start()
			x, y := ep.SupportX.Data().([]float64), ep.SupportY.Data().([]float64)
			nx, ny := spec.Batch*spec.Inputs[0], spec.Batch
			for s := range spec.Steps {
				if err := in.Step(x[s*nx:(s+1)*nx], y[s*ny:(s+1)*ny]); err != nil {
					t.Fatal(err)
				}
			}
			if err := in.Query(ep.QueryX.Data().([]float64), ep.QueryY.Data().([]float64)); err != nil {
				t.Fatal(err)
			}
			for i, l := range cfg.Learners {
				sameEpisode(t, cfg, i, name+", loss", []float64{in.Loss(i)}, []float64{u.Loss(i)})
				want, got := u.FinalWeights(i), in.FastWeights(i)
				for a := range want {
					moved := false
					start := u.Layout(i)
					p, _ := start.Find(want[a].Name[len("final_"):])
					init := p.Of(start.Init(9))
					sameEpisode(t, cfg, i, name+", "+want[a].Name, got[a].Data, want[a].Data)
					for j := range want[a].Data {
						moved = moved || float32(want[a].Data[j]) != float32(init[j]+0.01)
					}
					if !moved {
						t.Errorf("%s, %s: %s did not move", name, l.Name, want[a].Name)
					}
				}
			}
		}
	}
}

func TestInnerRefuses(t *testing.T) {
	l, err := graph.Preset("flp")
	if err != nil {
		t.Fatal(err)
	}
	in, err := graph.NewInner(graph.Config{Network: graph.MLP(2, []int{3}, 1, 0, "mse"), Learners: []graph.NamedLearner{{Name: "a", Learner: l}},
		Batch: 2, Query: 1, Dtype: tensor.Float64})
	if err != nil {
		t.Fatal(err)
	}
	in.Start()
	if err := in.Step(make([]float64, 3), make([]float64, 2)); err == nil {
		t.Error("wrong length: no error")
	}
	if err := in.Query([]float64{0, 0}, []float64{inf()}); err == nil {
		t.Error("infinite target: no error")
	}
}

func inf() float64 {
	x := 1e308
	return x * 10
}
