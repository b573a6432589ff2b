package graph_test

import (
	"fmt"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/graph"
	"metaplast/graph/internal/graphtest"
	"metaplast/rules"
)

// changes unrolls one step of flp with some settings changed and returns W(1) − W(0) (and
// the same for biases) by the name of the array, and the meta-gradient.
func changes(t *testing.T, change func(*graph.Learner), params func(graph.Layout, []float64)) (map[string][]float64, graph.Layout, []float64) {
	t.Helper()
	cfg := small(t, tensor.Float64, "flp")
	cfg.Steps = 1
	l := &cfg.Learners[0].Learner
	l.FeedbackActivation = graph.Linear
	if change != nil {
		change(l)
	}
	u := unroll(t, cfg)
	run(t, u, newEpisode(cfg, "settings"))
	layout := u.Layout(0)
	th := theta(layout)
	if params != nil {
		params(layout, th)
		if err := u.SetParams(0, th); err != nil {
			t.Fatal(err)
		}
		if err := u.Run(); err != nil {
			t.Fatal(err)
		}
	}
	d := map[string][]float64{}
	for _, a := range u.FinalWeights(0) {
		name := a.Name[len("final_"):]
		p, _ := layout.Find(name)
		for i, w0 := range p.Of(th) {
			d[name] = append(d[name], a.Data[i]-w0)
		}
	}
	g := make([]float64, layout.Total())
	if !u.Gradient(0, g) {
		t.Fatal("the gradient is not finite")
	}
	return d, layout, g
}

// A difference of weights is rounded like the weights.
const rounded = 1e-13

func TestHiddenScale(t *testing.T) {
	one, _, _ := changes(t, nil, nil)
	scaled, _, _ := changes(t, func(l *graph.Learner) { l.HiddenScale = 0.25 }, nil)
	for l, factor := range []float64{0.25, 0.25, 1} {
		name := fmt.Sprint("W", l)
		graphtest.CloseTo(t, name, scaled[name], graphtest.Times(one[name], factor), rounded)
	}
}

func TestMeanExamples(t *testing.T) {
	sum, _, _ := changes(t, nil, nil)
	mean, _, _ := changes(t, func(l *graph.Learner) { l.Examples = graph.MeanExamples }, nil)
	for name := range sum {
		graphtest.CloseTo(t, name, mean[name], graphtest.Times(sum[name], 0.5), rounded) // two examples
	}
}

// TestGranularity gives every granularity the same α and compares it with a rate per
// synapse: the same changes, and the gradient of a shared α is the sum over the synapses
// that share it.
func TestGranularity(t *testing.T) {
	const alpha = 0.03
	same := func(layout graph.Layout, th []float64) {
		for _, p := range layout {
			if p.Group == graph.Plasticity {
				for i := range p.Of(th) {
					p.Of(th)[i] = alpha
				}
			}
		}
	}
	for _, bias := range []bool{false, true} {
		set := func(granularity string) func(*graph.Learner) {
			return func(l *graph.Learner) { l.Plasticity, l.PlasticBias, l.InnerLR = granularity, bias, alpha }
		}
		want, layout, gradient := changes(t, set(graph.PerSynapse), same)
		of := func(name string) []float64 {
			p, ok := layout.Find(name)
			if !ok {
				return nil
			}
			return p.Of(gradient)
		}
		for _, granularity := range graph.Granularities() {
			got, l, g := changes(t, set(granularity), same)
			if len(got) != len(want) {
				t.Errorf("%s: %d arrays change: want %d", granularity, len(got), len(want))
			}
			for name := range want {
				graphtest.CloseTo(t, granularity+" "+name, got[name], want[name], rounded)
			}
			sums := map[string][]float64{}
			add := func(name string, i int, x float64) {
				for len(sums[name]) <= i {
					sums[name] = append(sums[name], 0)
				}
				sums[name][i] += x
			}
			for layer := range 3 {
				name := fmt.Sprint("alpha", layer)
				p, _ := layout.Find(name)
				for i, x := range of(name) {
					switch granularity {
					case graph.PerNeuron:
						add(name, i/p.Shape[1], x)
					case graph.PerLayer:
						add(name, 0, x)
					case graph.PerNetwork:
						add("alpha", 0, x)
					}
				}
				for i, x := range of(fmt.Sprint("alpha_b", layer)) {
					switch granularity {
					case graph.PerNeuron:
						add(name, i, x)
					case graph.PerLayer:
						add(name, 0, x)
					case graph.PerNetwork:
						add("alpha", 0, x)
					}
				}
			}
			for name, want := range sums {
				p, ok := l.Find(name)
				if !ok {
					t.Fatalf("%s: no %s", granularity, name)
				}
				graphtest.CloseTo(t, granularity+" gradient of "+name, p.Of(g), want, 1e-12)
			}
		}
	}
}

// TestStrength: with β = 0 the feedback is not heard, and the pathway is as good as none; with
// β fixed at 1 there is nothing but feedback, as with a learned β that is 1; and a β that is fixed
// at anything else mixes as the same β does that is learned, only that it has no gradient.
func TestStrength(t *testing.T) {
	beta := func(v float64) func(graph.Layout, []float64) {
		return func(layout graph.Layout, th []float64) {
			for _, p := range layout {
				if p.Group == graph.Strength {
					p.Of(th)[0] = v
				}
			}
		}
	}
	none, _, _ := changes(t, func(l *graph.Learner) { l.Pathway = "none" }, nil)
	deaf, _, _ := changes(t, nil, beta(0))
	learned, _, _ := changes(t, nil, beta(1))
	fixed, layout, _ := changes(t, func(l *graph.Learner) { l.Strength, l.Learned.Strength = 1, false }, nil)
	for name := range none {
		graphtest.CloseTo(t, "strength 0 "+name, deaf[name], none[name], rounded)
		graphtest.CloseTo(t, "strength 1 "+name, fixed[name], learned[name], rounded)
	}
	if _, ok := layout.Find("beta0"); ok {
		t.Error("a strength fixed at 1 is a meta-parameter")
	}
	for _, strength := range []float64{0.3, 0, -0.5, 2} {
		learned, learnedLayout, learnedGradient := changes(t, nil, beta(strength))
		fixed, layout, gradient := changes(t, func(l *graph.Learner) { l.Strength, l.Learned.Strength = strength, false }, beta(strength))
		for name := range learned {
			graphtest.CloseTo(t, fmt.Sprint("fixed strength ", strength, " ", name), fixed[name], learned[name], rounded)
		}
		for _, p := range layout {
			same, _ := learnedLayout.Find(p.Name)
			want := same.Of(learnedGradient)
			if p.Group == graph.Strength {
				want = []float64{0}
			}
			graphtest.CloseTo(t, fmt.Sprint("fixed strength ", strength, " gradient of ", p.Name), p.Of(gradient), want, 1e-13)
		}
		if p, ok := layout.Find("beta1"); !ok || p.Learned || layout.Init(1)[p.Offset] != strength {
			t.Errorf("strength fixed at %v: beta1 is %+v: want it there with that value, and not learned", strength, p)
		}
	}
}

// TestClamped: the output layer of a clamped learner changes by sᵀ h alone, whatever the
// pathway; hidden layers do not see the difference.
func TestClamped(t *testing.T) {
	hebb := func(pathway string, clamped bool) map[string][]float64 {
		d, _, _ := changes(t, func(l *graph.Learner) {
			l.Rule, l.Pathway, l.Clamped, l.Signal = "hebb", pathway, clamped, rules.Target
		}, nil)
		return d
	}
	free, clamped := hebb("direct", false), hebb("direct", true)
	for _, name := range []string{"W0", "W1"} {
		graphtest.CloseTo(t, name, clamped[name], free[name], rounded)
	}
	for _, pathway := range []string{"layered", "backprop", "none"} {
		graphtest.CloseTo(t, pathway, hebb(pathway, true)["W2"], clamped["W2"], rounded)
	}
	full, _, _ := changes(t, func(l *graph.Learner) {
		// Layered feedback of the output is the signal itself; at strength 1 it is all.
		l.Rule, l.Pathway, l.Signal, l.Strength, l.Learned.Strength = "hebb", "layered", rules.Target, 1, false
	}, nil)
	graphtest.CloseTo(t, "layered, strength 1", full["W2"], clamped["W2"], rounded)
}

// TestClampedBiases: with plastic biases the output layer of a clamped learner changes its biases
// too, and by the signal: hebb's change is Σ_n s, oja's Σ_n s − Σ_n s² b, element by element.
func TestClampedBiases(t *testing.T) {
	const alpha = 0.03
	cfg := small(t, tensor.Float64, "flp") // targets of the episode that changes draws
	y := newEpisode(cfg, "settings").ys[:2*3]
	for _, rule := range []string{"hebb", "oja"} {
		for _, pathway := range []string{"direct", "layered", "backprop", "none"} {
			for _, strength := range []float64{0.5, 1} {
				var start []float64
				d, _, _ := changes(t, func(l *graph.Learner) {
					l.Rule, l.Pathway, l.Signal, l.Clamped, l.PlasticBias = rule, pathway, rules.Target, true, true
					l.Plasticity, l.InnerLR, l.Strength, l.Learned.Strength = graph.PerNone, alpha, strength, strength != 1
				}, func(layout graph.Layout, th []float64) {
					p, _ := layout.Find("b2")
					start = append(start, p.Of(th)...)
				})
				want := make([]float64, 3)
				for n := range 2 {
					for i := range want {
						s := y[n*3+i]
						want[i] += alpha * s
						if rule == "oja" {
							want[i] -= alpha * s * s * start[i]
						}
					}
				}
				graphtest.CloseTo(t, fmt.Sprint(rule, ", ", pathway, ", strength ", strength, ": b2"), d["b2"], want, rounded)
			}
		}
	}
}
