package graph_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/graph/engine"
	"metaplast/graph/internal/graphtest"
)

// probeConfigs are small networks for every preset: dense, partly frozen, convolutional.
func probeConfigs() map[string]graph.Config {
	c := map[string]graph.Config{}
	for _, loss := range objective.Names() {
		for frozen := range 2 {
			c[fmt.Sprintf("dense, %s, %d frozen", loss, frozen)] = graph.Config{Network: graph.MLP(4, []int{6, 5}, 3, frozen, loss),
				Learners: graph.Presets(), Batch: 3, Query: 4, Dtype: tensor.Float64}
		}
		c["conv, "+loss] = graph.Config{Network: plasticConv(loss), Learners: graph.Presets(), Batch: 2, Query: 3, Dtype: tensor.Float64}
	}
	return c
}

// newProbe builds a probe, at the start of an episode.
func newProbe(t *testing.T, cfg graph.Config) *graph.Probe {
	t.Helper()
	p, err := graph.NewProbe(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	for i, l := range cfg.Learners {
		layout, err := graph.NewLayout(cfg.Network, l.Learner)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.SetParams(i, theta(layout)); err != nil {
			t.Fatal(err)
		}
	}
	p.Start()
	return p
}

// batch is N examples that fit a configuration.
func batch(cfg graph.Config, seed string) (x, y []float64) {
	cfg.Steps = 1
	e := newEpisode(cfg, seed)
	return e.xs, e.ys
}

// TestProbeGradient compares loss and gradient at W(2) with central differences, taken
// through SetWeights.
func TestProbeGradient(t *testing.T) {
	for name, cfg := range probeConfigs() {
		t.Run(name, func(t *testing.T) {
			p := newProbe(t, cfg)
			for _, s := range []string{"a", "b"} {
				if err := p.Step(batch(cfg, s)); err != nil {
					t.Fatal(err)
				}
			}
			x, y := batch(cfg, "c")
			measure := func() {
				if err := p.Measure(x, y); err != nil {
					t.Fatal(err)
				}
			}
			for i, l := range cfg.Learners {
				n := p.Fast(i).Total()
				w, g := make([]float64, n), make([]float64, n)
				p.Weights(i, w)
				measure()
				p.FastGradient(i, g)
				start := append([]float64(nil), w...)
				graphtest.DifferencesBy(t, l.Name, func() float64 {
					if err := p.SetWeights(i, w); err != nil {
						t.Fatal(err)
					}
					measure()
					return p.StepLoss(i)
				}, w, g, 1e-6, 1e-8)
				graphtest.SameBits(t, "weights after the differences", w, start)
				if err := p.SetWeights(i, start); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestProbeIsTheEpisode follows an episode step by step: fast weights and query loss are those
// of the unrolled graph, as exactly as Inner says, each ΔW is the difference of the weights
// around it, and neither Measure nor Propose leaves a trace.
func TestProbeIsTheEpisode(t *testing.T) {
	configs := probeConfigs()
	for frozen := range 3 { // layers whose products go to one kernel for 3 or 4 rows, and to another for 13
		configs[fmt.Sprintf("wide, %d frozen", frozen)] = graph.Config{Network: graph.MLP(21, []int{24, 19}, 3, frozen, objective.MSE),
			Learners: graph.Presets(), Batch: 3, Query: 4}
	}
	for name, cfg := range configs {
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(fmt.Sprint(name, ", ", dt), func(t *testing.T) {
				cfg := cfg
				cfg.Steps, cfg.Dtype, cfg.Forward = 3, dt, true
				u := unroll(t, cfg)
				e := newEpisode(cfg, "probe")
				run(t, u, e)
				p := newProbe(t, cfg)
				xs, ys := e.xs, e.ys
				nx, ny := len(xs)/cfg.Steps, len(ys)/cfg.Steps
				for s := range cfg.Steps {
					x, y := xs[s*nx:(s+1)*nx], ys[s*ny:(s+1)*ny]
					if err := p.Measure(x, y); err != nil {
						t.Fatal(err)
					}
					before, proposed := vectors(p, p.Weights), [][]float64(nil)
					if err := p.Propose(x, y); err != nil {
						t.Fatal(err)
					}
					proposed = vectors(p, p.Update)
					for i := range before {
						graphtest.SameBits(t, "weights after Propose", vectors(p, p.Weights)[i], before[i])
					}
					if err := p.Step(x, y); err != nil {
						t.Fatal(err)
					}
					for i, w := range vectors(p, p.Weights) {
						for j := range w {
							w[j] -= before[i][j]
						}
						graphtest.SameBits(t, "ΔW of Step", vectors(p, p.Update)[i], w)
						graphtest.SameBits(t, "ΔW of Propose", proposed[i], w)
					}
				}
				if err := p.Query(e.xq, e.yq); err != nil {
					t.Fatal(err)
				}
				for i := range cfg.Learners {
					sameEpisode(t, cfg, i, "loss", []float64{p.Loss(i)}, []float64{u.Loss(i)})
					w := vectors(p, p.Weights)[i]
					for k, a := range u.FinalWeights(i) {
						q := p.Fast(i)[k]
						if "final_"+q.Name != a.Name {
							t.Fatalf("fast weight %s: want %s", q.Name, a.Name)
						}
						sameEpisode(t, cfg, i, a.Name, q.Of(w), a.Data)
					}
				}
			})
		}
	}
}

// vectors reads one vector of every learner.
func vectors(p *graph.Probe, read func(int, []float64)) [][]float64 {
	var v [][]float64
	for i := range p.Learners() {
		v = append(v, make([]float64, p.Fast(i).Total()))
		read(i, v[i])
	}
	return v
}

// TestProbeOfDescent is the known value: the update of oml is −inner_lr times the gradient,
// for both losses, frozen layers and convolutions.
func TestProbeOfDescent(t *testing.T) {
	oml, err := graph.Preset("oml")
	if err != nil {
		t.Fatal(err)
	}
	oml.InnerLR = 0.03
	for name, cfg := range probeConfigs() {
		t.Run(name, func(t *testing.T) {
			cfg.Learners = []graph.NamedLearner{{Name: "oml", Learner: oml}}
			p := newProbe(t, cfg)
			for s := range 3 {
				x, y := batch(cfg, fmt.Sprint(s))
				if err := p.Measure(x, y); err != nil {
					t.Fatal(err)
				}
				if err := p.Step(x, y); err != nil {
					t.Fatal(err)
				}
				want := vectors(p, p.FastGradient)[0]
				for j := range want {
					want[j] *= -oml.InnerLR
				}
				graphtest.CloseTo(t, fmt.Sprintf("ΔW of step %d", s), vectors(p, p.Update)[0], want, 1e-12) // W is 100 times ΔW
			}
		})
	}
}

// TestProbeActivities checks the activities of a query against the outputs of a network that
// ends at the layer in question.
func TestProbeActivities(t *testing.T) {
	for name, cfg := range probeConfigs() {
		t.Run(name, func(t *testing.T) {
			p := newProbe(t, cfg)
			e := newEpisode(graph.Config{Network: cfg.Network, Steps: 1, Batch: 1, Query: cfg.Query}, "activities")
			if err := p.Query(e.xq, e.yq); err != nil {
				t.Fatal(err)
			}
			layers := len(cfg.Network.Layers)
			for i, l := range cfg.Learners {
				a := p.Activities(i)
				if len(a) != layers {
					t.Fatalf("%s: %d activities: want %d", l.Name, len(a), layers)
				}
				graphtest.SameBits(t, "predictions", a[layers-1].Data, p.Predictions(i).Data)
				layout, err := graph.NewLayout(cfg.Network, l.Learner)
				if err != nil {
					t.Fatal(err)
				}
				th := theta(layout)
				for k := range layers - 1 {
					below := e.xq
					if k > 0 {
						below = a[k-1].Data
					}
					w, _ := layout.Find(fmt.Sprint("W", k))
					b, _ := layout.Find(fmt.Sprint("b", k))
					if len(w.Shape) != 2 {
						continue // a convolution: what is above it would not fit if it were wrong
					}
					graphtest.CloseTo(t, a[k].Name, a[k].Data, dense(below, w.Of(th), b.Of(th)), 1e-14)
				}
			}
		})
	}
}

// dense is relu(h Wᵀ + b), by hand.
func dense(h, w, b []float64) []float64 {
	in := len(w) / len(b)
	var out []float64
	for r := 0; r < len(h); r += in {
		for i := range b {
			z := b[i]
			for j := range in {
				z += w[i*in+j] * h[r+j]
			}
			out = append(out, math.Max(z, 0))
		}
	}
	return out
}

func TestProbeRefuses(t *testing.T) {
	cfg := probeConfigs()["dense, mse, 1 frozen"]
	p := newProbe(t, cfg)
	before := vectors(p, p.Weights)
	w := make([]float64, p.Fast(0).Total())
	w[3] = math.NaN()
	x, y := batch(cfg, "x")
	for name, err := range map[string]error{
		"weights of another length": p.SetWeights(0, w[1:]),
		"NaN weight":                p.SetWeights(0, w),
		"short inputs":              p.Measure(x[1:], y),
		"short targets":             p.Measure(x, y[1:]),
		"short inputs of a step":    p.Propose(x[1:], y),
	} {
		var d *graph.DataError
		if !errors.As(err, &d) {
			t.Errorf("%s: %v: want a DataError", name, err)
		}
	}
	for i := range before {
		graphtest.SameBits(t, "weights", vectors(p, p.Weights)[i], before[i])
	}
	cfg.Batch = 0
	if _, err := graph.NewProbe(cfg); err == nil {
		t.Error("no examples: no error")
	}
}

// TestProbeOnTape asks Gorgonia's machine for the same.
func TestProbeOnTape(t *testing.T) {
	cfg := probeConfigs()["dense, cross_entropy, 0 frozen"]
	planned := newProbe(t, cfg)
	cfg.Machine = engine.Tape
	tape := newProbe(t, cfg)
	for s := range 2 {
		x, y := batch(cfg, fmt.Sprint(s))
		for _, p := range []*graph.Probe{planned, tape} {
			if err := p.Measure(x, y); err != nil {
				t.Fatal(err)
			}
			if err := p.Step(x, y); err != nil {
				t.Fatal(err)
			}
		}
		for i := range cfg.Learners {
			graphtest.SameBits(t, "gradient", vectors(tape, tape.FastGradient)[i], vectors(planned, planned.FastGradient)[i])
			graphtest.SameBits(t, "ΔW", vectors(tape, tape.Update)[i], vectors(planned, planned.Update)[i])
		}
	}
}
