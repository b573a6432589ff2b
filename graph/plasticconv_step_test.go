package graph_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/graph/engine"
	"metaplast/graph/internal/graphtest"
	"metaplast/rules"
)

// TestPlasticConvPlain compares one inner step of the lowest layer, with direct feedback, with
// loops over examples and positions.
func TestPlasticConvPlain(t *testing.T) {
	for _, rule := range []string{"hebb", "oja"} {
		for _, gated := range []bool{false, true} {
			for _, examples := range []string{graph.SumExamples, graph.MeanExamples} {
				l := convLearner(t, rule, "direct", graph.PerSynapse)
				l.Gated, l.Examples, l.Signal = gated, examples, rules.Target
				const n = 2
				cfg := graph.Config{Network: plasticConv(objective.MSE), Learners: []graph.NamedLearner{{Name: "l", Learner: l}},
					Steps: 1, Batch: n, Query: 1, Dtype: tensor.Float64, Forward: true}
				u := unroll(t, cfg)
				e := newEpisode(cfg, "plain")
				runGently(t, u, e)
				layout := u.Layout(0)
				th := gentle(layout)
				param := func(name string) []float64 {
					p, ok := layout.Find(name)
					if !ok {
						t.Fatalf("no parameter %s", name)
					}
					return p.Of(th)
				}
				w, bias := plainStep(l, e.xs, e.ys, n, param)
				what := fmt.Sprintf("%s, gated %v, %s: ", rule, gated, examples)
				for _, a := range u.FinalWeights(0) {
					switch a.Name {
					case "final_W0":
						graphtest.CloseTo(t, what+"W0", a.Data, w, 1e-13)
					case "final_b0":
						graphtest.CloseTo(t, what+"b0", a.Data, bias, 1e-13)
					}
				}
			}
		}
	}
}

// plainStep is W0 [3,2,3,3] and b0 after a step on x [n,2,6,5] and y [n,3].
func plainStep(l graph.Learner, x, y []float64, n int, param func(string) []float64) (w, bias []float64) {
	const channels, outs, height, width, k, in = 2, 3, 6, 5, 3, 18
	w0, b0 := param("W0"), param("b0")
	beta := param("beta0")[0]
	delta, decay := make([]float64, outs*in), make([]float64, outs)
	deltaB := make([]float64, outs)
	for e := range n {
		for i := range height {
			for j := range width {
				patch := make([]float64, in)
				for q := range channels {
					for u := range k {
						for v := range k {
							if r, c := i+u-1, j+v-1; r >= 0 && r < height && c >= 0 && c < width {
								patch[(q*k+u)*k+v] = x[((e*channels+q)*height+r)*width+c]
							}
						}
					}
				}
				for o := range outs {
					z, f := b0[o], param("c0")[o]
					for s, h := range patch {
						z += w0[o*in+s] * h
					}
					for s := range outs {
						f += param("B0")[o*outs+s] * y[e*outs+s]
					}
					h, f := math.Max(z, 0), math.Max(f, 0)
					if l.Gated && h == 0 {
						f = 0
					}
					p := beta*f + (1-beta)*h
					for s, h := range patch {
						delta[o*in+s] += p * h
					}
					deltaB[o] += p
					decay[o] += p * p
				}
			}
		}
	}
	kappa := l.HiddenScale / (height * width)
	if l.Examples == graph.MeanExamples {
		kappa /= float64(n)
	}
	w, bias = make([]float64, len(w0)), make([]float64, outs)
	for o := range outs {
		if l.Rule != "oja" {
			decay[o] = 0
		}
		bias[o] = b0[o] + kappa*param("alpha_b0")[o]*(deltaB[o]-decay[o]*b0[o])
		for s := range in {
			w[o*in+s] = w0[o*in+s] + kappa*param("alpha0")[o*in+s]*(delta[o*in+s]-decay[o]*w0[o*in+s])
		}
	}
	return w, bias
}

// TestPlasticConvLayered checks that layered feedback with the forward weights, gated and
// linear, is backprop.
func TestPlasticConvLayered(t *testing.T) {
	l, err := graph.Preset("oml")
	if err != nil {
		t.Fatal(err)
	}
	cfg := graph.Config{Network: plasticConv(objective.CrossEntropy), Learners: []graph.NamedLearner{{Name: "backprop", Learner: l}},
		Steps: 1, Batch: 3, Query: 1, Dtype: tensor.Float64, Forward: true}
	l.Pathway = "layered"
	cfg.Learners = append(cfg.Learners, graph.NamedLearner{Name: "layered", Learner: l})
	u := unroll(t, cfg)
	e := newEpisode(cfg, "layered")
	if err := u.Bind(e.xs, e.ys, e.xq, e.yq); err != nil {
		t.Fatal(err)
	}
	for i := range cfg.Learners {
		layout := u.Layout(i)
		th := layout.Init(5)
		tied := 0
		for _, p := range layout {
			switch {
			case p.Group != graph.Feedback:
			case p.Name[0] == 'c':
				clear(p.Of(th))
			default:
				w, _ := layout.Find("W" + p.Name[1:])
				if !equalShapes(w.Shape, p.Shape) {
					t.Fatalf("%s has shape %v: want that of %s, %v", p.Name, p.Shape, w.Name, w.Shape)
				}
				copy(p.Of(th), w.Of(th))
				tied++
			}
		}
		if tied != i*(len(cfg.Network.Layers)-1) {
			t.Fatalf("%s: %d layers with feedback weights", cfg.Learners[i].Name, tied)
		}
		if err := u.SetParams(i, th); err != nil {
			t.Fatal(err)
		}
	}
	if err := u.Run(); err != nil {
		t.Fatal(err)
	}
	want := u.FinalWeights(0)
	for j, a := range u.FinalWeights(1) {
		graphtest.CloseTo(t, a.Name, a.Data, want[j].Data, 1e-14)
	}
}

// TestPlasticConvMachines asks for the same bits from every machine, and from the inner loop
// run step by step, and for nearly the same numbers from compositions of primitives.
func TestPlasticConvMachines(t *testing.T) {
	var learners []graph.NamedLearner
	for _, rule := range []string{"hebb", "oja"} {
		for i, pathway := range []string{"direct", "backprop", "layered", "none"} {
			learners = append(learners, graph.NamedLearner{Name: rule + " " + pathway, Learner: convLearner(t, rule, pathway, graph.Granularities()[(i+1)%5])})
		}
	}
	learners = append(learners, graph.Presets()...)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		cfg := graph.Config{Network: plasticConv(objective.MSE), Learners: learners, Steps: 3, Batch: 2, Query: 3, Dtype: dt, Machine: engine.Sequential}
		e := newEpisode(cfg, "machines")
		of := func(cfg graph.Config) (all [][]float64) {
			u := unroll(t, cfg)
			runGently(t, u, e)
			for i := range learners {
				all = append(all, results(t, u, i))
			}
			return all
		}
		want := of(cfg)
		for name, m := range map[string]engine.Machine{
			"tape": engine.Tape, "two threads": engine.Planned(engine.Options{Threads: 2}),
			"checkpoints": engine.Planned(engine.Options{Threads: 3, Remat: 2}),
		} {
			cfg.Machine = m
			for i, r := range of(cfg) {
				graphtest.SameBits(t, fmt.Sprintf("%v, %s, %s", dt, name, learners[i].Name), r, want[i])
			}
		}
		cfg.Machine, cfg.Compose = engine.Sequential, true
		tolerance := map[tensor.Dtype]float64{tensor.Float32: 1e-3, tensor.Float64: 1e-11}[dt]
		for i, r := range of(cfg) {
			graphtest.CloseTo(t, fmt.Sprintf("%v, composed, %s", dt, learners[i].Name), r, want[i], tolerance)
		}
		cfg.Machine, cfg.Compose = nil, false
		stepByStep(t, cfg, e)
	}
}

func stepByStep(t *testing.T, cfg graph.Config, e episode) {
	t.Helper()
	u := unroll(t, cfg)
	runGently(t, u, e)
	in, err := graph.NewInner(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for i := range cfg.Learners {
		if err := in.SetParams(i, gentle(u.Layout(i))); err != nil {
			t.Fatal(err)
		}
	}
	in.Start()
	x, y := e.xs, e.ys
	for s := range cfg.Steps {
		nx, ny := len(x)/cfg.Steps, len(y)/cfg.Steps
		if err := in.Step(x[s*nx:(s+1)*nx], y[s*ny:(s+1)*ny]); err != nil {
			t.Fatal(err)
		}
	}
	for i, l := range cfg.Learners {
		have := in.FastWeights(i)
		for j, a := range u.FinalWeights(i) {
			graphtest.SameBits(t, l.Name+", step by step, "+a.Name, have[j].Data, a.Data)
		}
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
}
