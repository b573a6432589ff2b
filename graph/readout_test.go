package graph_test

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/graph/internal/graphtest"
	"metaplast/graph/op"
	"metaplast/rules"
)

// smooth is a network of tanh layers with a learner, for classes.
func smooth(t *testing.T, preset string, set func(l *graph.Learner)) graph.Config {
	t.Helper()
	l, err := graph.Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	set(&l)
	cfg := graph.Config{Network: graph.MLP(4, []int{5}, 3, 0, objective.CrossEntropy), Steps: 4, Batch: 2, Query: 5, Dtype: tensor.Float64,
		Learners: []graph.NamedLearner{{Name: preset, Learner: l}}}
	cfg.Network.Layers[0].Activation = string(op.Tanh)
	return cfg
}

// gaussianOutput makes the output layer keep means and variances, and answer by them.
func gaussianOutput(r rules.Gaussian) func(l *graph.Learner) {
	return func(l *graph.Learner) {
		l.Signal, l.Clamped, l.Readout = rules.Target, true, graph.RuleReadout
		l.Plasticity, l.InnerLR, l.FeedbackActivation = graph.PerNone, 1, graph.Linear
		l.HiddenScale = 0.05
		l.UseOutputRule(r)
	}
}

// TestReadoutGradients compares every meta-gradient of learners that answer by distances, or as the output
// layer's rule says, with central differences of the outer loss.
func TestReadoutGradients(t *testing.T) {
	for name, cfg := range map[string]graph.Config{
		"distance, learned feedback": smooth(t, "flp", func(l *graph.Learner) { l.Readout, l.FeedbackActivation = graph.DistanceReadout, graph.Linear }),
		"distance, gradient descent with instar": smooth(t, "oml", func(l *graph.Learner) {
			l.Readout, l.PlasticBias = graph.DistanceReadout, false
			l.UseOutputRule(rules.Instar{Competition: rules.NoCompetition})
		}),
		"gaussian, predictive":          smooth(t, "flp", gaussianOutput(rules.DefaultGaussian())),
		"gaussian, map, W(0) counts":    smooth(t, "flp", gaussianOutput(rules.Gaussian{Readout: rules.MAPReadout, Prior: 1.5, Alpha: 3, Beta: 0.5})),
		"gaussian above frozen layers":  smooth(t, "output-only", gaussianOutput(rules.DefaultGaussian())),
		"gaussian with learned answers": smooth(t, "flp", func(l *graph.Learner) { gaussianOutput(rules.DefaultGaussian())(l); l.Signal = rules.Error }),
	} {
		t.Run(name, func(t *testing.T) {
			e := newEpisode(cfg, "readout")
			u := unroll(t, cfg)
			if err := u.Bind(e.xs, e.ys, e.xq, e.yq); err != nil {
				t.Fatal(err)
			}
			th := theta(u.Layout(0))
			loss := func() float64 {
				if err := u.SetParams(0, th); err != nil {
					t.Fatal(err)
				}
				if err := u.Run(); err != nil {
					t.Fatal(err)
				}
				return u.Loss(0)
			}
			loss()
			g := make([]float64, u.Layout(0).Total())
			if !u.Gradient(0, g) {
				t.Fatal("a gradient that is not finite")
			}
			for _, p := range u.Layout(0) {
				if p.Learned && tensorMax(p.Of(g)) == 0 && p.Role != graph.Weight && p.Role != graph.Mixing {
					t.Errorf("%s has no gradient", p.Name)
				}
				graphtest.DifferencesBy(t, p.Name, loss, p.Of(th), p.Of(g), 2e-4, 1e-7)
			}
		})
	}
}

// TestDistanceDescends compares the answers of gradient descent on distances, as a learner and as loops: with
// one layer, W_i ← W_i + η Σ_n g_n,i (x_n − W_i), where g is what the mean cross-entropy of the logits
// x·W_i − ½|W_i|² descends along.
func TestDistanceDescends(t *testing.T) {
	const steps, batch, query, in, out, rate = 5, 2, 4, 4, 3, 0.3
	l, err := graph.Preset("oml")
	if err != nil {
		t.Fatal(err)
	}
	l.Readout, l.PlasticBias, l.InnerLR = graph.DistanceReadout, false, rate
	l.UseOutputRule(rules.Instar{Competition: rules.NoCompetition})
	cfg := graph.Config{Network: graph.MLP(in, nil, out, 0, objective.CrossEntropy), Steps: steps, Batch: batch, Query: query, Dtype: tensor.Float64,
		Learners: []graph.NamedLearner{{Name: "oml", Learner: l}}}
	e := newEpisode(cfg, "distance")
	u := unroll(t, cfg)
	run(t, u, e)

	th := theta(u.Layout(0))
	p, _ := u.Layout(0).Find("W0")
	w := append([]float64(nil), p.Of(th)...)
	p, _ = u.Layout(0).Find("b0")
	bias := append([]float64(nil), p.Of(th)...)
	answers := func(x []float64) []float64 { // by the definition: the squared distance, less what all share
		z := make([]float64, out)
		for i := range z {
			z[i] = bias[i]
			for j := range in {
				z[i] += x[j]*x[j]/2 - (x[j]-w[i*in+j])*(x[j]-w[i*in+j])/2
			}
		}
		return z
	}
	softmax := func(z []float64) []float64 {
		sum, c := 0.0, make([]float64, len(z))
		for _, v := range z {
			sum += math.Exp(v)
		}
		for i, v := range z {
			c[i] = math.Exp(v) / sum
		}
		return c
	}
	for k := range steps {
		next := append([]float64(nil), w...)
		for n := range batch {
			x, y := e.xs[(k*batch+n)*in:][:in], e.ys[(k*batch+n)*out:][:out]
			for i, q := range softmax(answers(x)) {
				for j := range in {
					// ∂z_i/∂W_ij = x_j − W_ij
					next[i*in+j] += rate * (y[i] - q) / batch * (x[j] - w[i*in+j])
				}
			}
		}
		w = next
	}
	graphtest.CloseTo(t, "final weights", u.FinalWeights(0)[0].Data, w, 1e-13)
	loss := 0.0
	for m := range query {
		for i, q := range softmax(answers(e.xq[m*in:][:in])) {
			loss -= e.yq[m*out+i] * math.Log(q) / query
		}
	}
	graphtest.CloseTo(t, "loss", []float64{u.Loss(0)}, []float64{loss}, 1e-13)
}

// TestReadoutChoices: what does not go with a readout is refused, with what does.
func TestReadoutChoices(t *testing.T) {
	for _, c := range []struct {
		preset string
		set    func(l *graph.Learner)
		says   []string
	}{
		{"flp", func(l *graph.Learner) { l.Readout = graph.RuleReadout }, []string{`readout: "rule"`, "want dot or distance"}},
		{"oml", func(l *graph.Learner) { l.Readout = graph.DistanceReadout }, []string{`output_rule: "hebb"`, "want instar"}},
		{"oml", gaussianOutput(rules.DefaultGaussian()), []string{`readout: "rule"`, "backprop pathway"}},
		{"flp", func(l *graph.Learner) { l.Readout = "distence" }, []string{"distence", "distance"}},
	} {
		cfg := smooth(t, c.preset, c.set)
		err := cfg.Validate()
		for _, want := range c.says {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v: want %q in it", c.preset, err, want)
			}
		}
	}
}

// TestPrototypesAreMeans: rows of the output layer are the means of the examples of their classes after the
// stream, by the gaussian rule, and by instar with steps that fall with 1/n; one or several examples in a step.
func TestPrototypesAreMeans(t *testing.T) {
	for name, set := range map[string]func(l *graph.Learner){
		"gaussian": gaussianOutput(rules.DefaultGaussian()),
		"counted instar": func(l *graph.Learner) {
			gaussianOutput(rules.DefaultGaussian())(l)
			l.Readout = graph.DistanceReadout
			l.UseOutputRule(rules.Counted{Of: rules.Instar{Competition: rules.NoCompetition}, Rho: 1})
		},
	} {
		for _, batch := range []int{1, 3} {
			if name != "gaussian" && batch > 1 {
				continue // counted divides by what was taught before a step
			}
			cfg := smooth(t, "output-only", set)
			cfg.Network = graph.MLP(4, nil, 3, 0, objective.CrossEntropy)
			cfg.Steps, cfg.Batch = 24/batch, batch
			e := newEpisode(cfg, "means")
			u := unroll(t, cfg)
			runWith(t, u, e, u.Layout(0).Init(3))
			want := make([]float64, 3*4)
			for i := range 3 {
				n := 0.0
				for k := range 24 {
					n += e.ys[k*3+i]
					for j := range 4 {
						want[i*4+j] += e.ys[k*3+i] * e.xs[k*4+j]
					}
				}
				if n == 0 {
					t.Fatalf("class %d has no example", i)
				}
				for j := range 4 {
					want[i*4+j] /= n
				}
			}
			graphtest.CloseTo(t, name, u.FinalWeights(0)[0].Data, want, 1e-13)
		}
	}
}

// TestReadoutStepByStep: an episode step by step, with counts and sums of squares in place, has the bits of the
// unrolled one, with several readouts and rules that remember, twice in a row.
func TestReadoutStepByStep(t *testing.T) {
	for name, cfg := range map[string]graph.Config{
		"predictive": smooth(t, "flp", gaussianOutput(rules.Gaussian{Readout: rules.PredictiveReadout, Prior: 1, Alpha: 2, Beta: 1})),
		"map":        smooth(t, "output-only", gaussianOutput(rules.Gaussian{Readout: rules.MAPReadout, Alpha: 2, Beta: 1})),
		"distance": smooth(t, "flp", func(l *graph.Learner) {
			gaussianOutput(rules.DefaultGaussian())(l)
			l.Readout = graph.DistanceReadout
		}),
	} {
		u := unroll(t, cfg)
		in, err := graph.NewInner(cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, seed := range []string{"first", "second"} {
			e := newEpisode(cfg, seed)
			run(t, u, e)
			if err := in.SetParams(0, theta(u.Layout(0))); err != nil {
				t.Fatal(err)
			}
			in.Start()
			nx, ny := cfg.Batch*4, cfg.Batch*3
			for s := range cfg.Steps {
				if err := in.Step(e.xs[s*nx:][:nx], e.ys[s*ny:][:ny]); err != nil {
					t.Fatal(err)
				}
			}
			if err := in.Query(e.xq, e.yq); err != nil {
				t.Fatal(err)
			}
			sameEpisode(t, cfg, 0, name+", loss", []float64{in.Loss(0)}, []float64{u.Loss(0)})
			for i, want := range u.FinalWeights(0) {
				sameEpisode(t, cfg, 0, name+", "+want.Name, in.FastWeights(0)[i].Data, want.Data)
			}
		}
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}
}
