package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/graph/engine"
	"metaplast/graph/internal/graphtest"
	"metaplast/rules"
)

// rememberer is a learner with a rule.
func rememberer(t *testing.T, rule rules.Rule, change func(l *graph.Learner)) graph.Learner {
	t.Helper()
	l, err := graph.Preset("flp")
	if err != nil {
		t.Fatal(err)
	}
	l.UseRule(rule)
	l.FeedbackActivation, l.PlasticBias, l.InnerLR = graph.Linear, true, 0.02
	if rules.Sees(rule).Modulator {
		l.UseModulator(tells{})
	}
	if change != nil {
		change(&l)
	}
	return l
}

// rememberers are learners for every setting that rules with parameters and state have.
func rememberers(t *testing.T) []graph.NamedLearner {
	t.Helper()
	var list []graph.NamedLearner
	add := func(name string, rule rules.Rule, change func(l *graph.Learner)) {
		list = append(list, graph.NamedLearner{Name: name, Learner: rememberer(t, rule, change)})
	}
	add("once", remembers{array: true}, nil)
	add("per layer", remembers{array: true}, func(l *graph.Learner) { l.RulePer, l.Plasticity, l.RulePenalty = graph.PerLayer, graph.PerNeuron, 0.01 })
	add("per neuron", remembers{}, func(l *graph.Learner) {
		l.RulePer, l.Plasticity, l.Examples = graph.PerNeuron, graph.PerNone, graph.MeanExamples
		l.UseModulator(tells{one: true})
	})
	add("fixed", remembers{}, func(l *graph.Learner) { l.FixedRule, l.Clamped = true, true })
	add("layered", remembers{}, func(l *graph.Learner) { l.Pathway, l.Gated = rules.LayeredName, true })
	add("backprop", remembers{}, func(l *graph.Learner) { l.Pathway, l.Signal, l.Strength = rules.BackpropName, rules.Gradient, 1 })
	add("none", remembers{}, func(l *graph.Learner) { l.Pathway, l.Clamped = rules.NoneName, true })
	add("output rule", remembers{}, func(l *graph.Learner) {
		l.UseOutputRule(decays{})
		l.RulePer, l.RulePenalty = graph.PerNeuron, 0.01
	})
	add("output read", rules.Oja{}, func(l *graph.Learner) {
		l.UseOutputRule(decays{})
		l.Readout = graph.RuleReadout
	})
	add("decays", decays{}, func(l *graph.Learner) { l.Readout = graph.DistanceReadout })
	return list
}

// rememberConfigs are networks for them.
func rememberConfigs(t *testing.T) map[string]graph.Config {
	list := rememberers(t)
	c := map[string]graph.Config{
		"dense":       {Network: graph.MLP(3, []int{5, 4}, 2, 0, objective.MSE), Learners: list, Steps: 5, Batch: 3, Query: 4},
		"one example": {Network: graph.MLP(3, []int{5, 4}, 2, 0, objective.CrossEntropy), Learners: list, Steps: 4, Batch: 1, Query: 2},
		"frozen":      {Network: graph.MLP(3, []int{5, 4}, 2, 1, objective.CrossEntropy), Learners: list, Steps: 3, Batch: 2, Query: 3},
		"conv":        {Network: plasticConv(objective.MSE), Learners: list, Steps: 3, Batch: 2, Query: 3},
		"conv, one":   {Network: plasticConv(objective.MSE), Learners: list, Steps: 3, Batch: 1, Query: 3},
	}
	for name, cfg := range c {
		cfg.Dtype = tensor.Float64
		c[name] = cfg
	}
	return c
}

// allOf is results with the variables after the last step.
func allOf(t *testing.T, u *graph.Unrolled, i int) []float64 {
	t.Helper()
	r := results(t, u, i)
	for _, a := range u.FinalState(i) {
		r = append(r, a.Data...)
	}
	return r
}

// TestRememberMachines compares rules with state on the planned machine with Gorgonia's: the same loss,
// meta-gradients, weights and variables; the same bits for several threads and with steps computed twice.
func TestRememberMachines(t *testing.T) {
	for name, cfg := range rememberConfigs(t) {
		e := newEpisode(cfg, "remember "+name)
		planned := unroll(t, cfg)
		run(t, planned, e)
		for i, l := range cfg.Learners {
			if n := len(planned.FinalState(i)); n == 0 {
				t.Fatalf("%s: no variables", l.Name)
			}
		}
		for what, change := range map[string]func(c *graph.Config){
			"tape":          func(c *graph.Config) { c.Machine = engine.Tape },
			"two threads":   func(c *graph.Config) { c.Threads = 2 },
			"checkpoints":   func(c *graph.Config) { c.Remat = 2 },
			"every step":    func(c *graph.Config) { c.Remat = 1 },
			"both":          func(c *graph.Config) { c.Remat, c.Threads = 2, 2 },
			"composed, two": func(c *graph.Config) { c.Compose, c.Remat = true, 2 },
		} {
			other := cfg
			change(&other)
			if other.Machine != nil {
				if name != "dense" && name != "conv" {
					continue // compiling takes seconds
				}
				other.Learners = other.Learners[1:2]
			}
			u := unroll(t, other)
			run(t, u, e)
			for j, l := range other.Learners {
				i := slices.IndexFunc(cfg.Learners, func(n graph.NamedLearner) bool { return n.Name == l.Name })
				what := fmt.Sprintf("%s, %s, %s", name, l.Name, what)
				if other.Compose {
					graphtest.CloseTo(t, what, allOf(t, u, j), allOf(t, planned, i), 1e-11)
					continue
				}
				graphtest.SameBits(t, what, allOf(t, u, j), allOf(t, planned, i))
			}
		}
	}
}

// TestRememberInner asks for the variables and weights of the unrolled episode, bit for bit, from the inner
// loop that runs step by step and writes them in place.
func TestRememberInner(t *testing.T) {
	for name, cfg := range rememberConfigs(t) {
		for what, change := range map[string]func(c *graph.Config){
			"planned": func(*graph.Config) {}, "two threads": func(c *graph.Config) { c.Threads = 2 }, "tape": func(c *graph.Config) { c.Machine = engine.Tape },
			"float32": func(c *graph.Config) { c.Dtype = tensor.Float32 },
		} {
			cfg := cfg
			change(&cfg)
			if cfg.Machine != nil {
				cfg.Learners = cfg.Learners[:2]
			}
			if name != "dense" && cfg.Machine != nil || name == "frozen" && cfg.Dtype == tensor.Float32 {
				continue // compiling takes seconds; and TestInnerMatchesUnrolled has what frozen layers round
			}
			e := newEpisode(cfg, "remember "+name)
			u := unroll(t, cfg)
			run(t, u, e)
			in, err := graph.NewInner(cfg)
			if err != nil {
				t.Fatal(err)
			}
			for again := range 2 { // the second episode begins anew
				for i := range cfg.Learners {
					if err := in.SetParams(i, theta(u.Layout(i))); err != nil {
						t.Fatal(err)
					}
				}
				in.Start()
				steps(t, in, cfg, e, 0, cfg.Steps)
				if err := in.Query(e.xq, e.yq); err != nil {
					t.Fatal(err)
				}
				for i, l := range cfg.Learners {
					place := fmt.Sprintf("%s, %s, %s, episode %d: ", name, what, l.Name, again)
					want := append(u.FinalWeights(i), u.FinalState(i)...)
					for j, have := range append(in.FastWeights(i), in.FastState(i)...) {
						if have.Name != want[j].Name {
							t.Fatalf("%s%s: want %s", place, have.Name, want[j].Name)
						}
						graphtest.SameBits(t, place+have.Name, have.Data, want[j].Data)
					}
					if l.Learner.RulePenalty == 0 {
						graphtest.SameBits(t, place+"loss", []float64{in.Loss(i)}, []float64{u.Loss(i)})
					}
				}
			}
			if err := in.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// stepper is Inner or Probe.
type stepper interface{ Step(x, y []float64) error }

// steps gives the inner steps of an episode.
func steps(t *testing.T, in stepper, cfg graph.Config, e episode, from, to int) {
	t.Helper()
	nx, ny := len(e.xs)/cfg.Steps, len(e.ys)/cfg.Steps
	for s := from; s < to; s++ {
		if err := in.Step(e.xs[s*nx:(s+1)*nx], e.ys[s*ny:(s+1)*ny]); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRememberPropose proposes steps between the others: weights and variables are those of without.
func TestRememberPropose(t *testing.T) {
	for name, cfg := range rememberConfigs(t) {
		e := newEpisode(cfg, "remember "+name)
		proposing, plain := newProbe(t, cfg), newProbe(t, cfg)
		nx, ny := len(e.xs)/cfg.Steps, len(e.ys)/cfg.Steps
		for s := range cfg.Steps {
			other := cfg.Steps - 1 - s
			if err := proposing.Propose(e.xs[other*nx:(other+1)*nx], e.ys[other*ny:(other+1)*ny]); err != nil {
				t.Fatal(err)
			}
			steps(t, proposing, cfg, e, s, s+1)
			steps(t, plain, cfg, e, s, s+1)
			for i, l := range cfg.Learners {
				want := append(plain.FastWeights(i), plain.FastState(i)...)
				for j, have := range append(proposing.FastWeights(i), proposing.FastState(i)...) {
					graphtest.SameBits(t, fmt.Sprintf("%s, %s, step %d: %s", name, l.Name, s, have.Name), have.Data, want[j].Data)
				}
			}
		}
	}
}

// TestRememberDerivatives compares every meta-gradient with central differences, those of rules' own
// parameters, of s(0), and of the modulator among them, with a loss over query and stream.
func TestRememberDerivatives(t *testing.T) {
	configs := rememberConfigs(t)
	for name, o := range map[string]graph.Objective{"dense": {Query: 0.75, Stream: 0.5}, "frozen": {Stream: 1}, "conv": {Query: 2, Stream: 0.25}, "one example": {}} {
		cfg := configs[name]
		cfg.Objective, cfg.Learners, cfg.Network.Layers = o, slices.Clone(cfg.Learners), slices.Clone(cfg.Network.Layers)
		for l := range cfg.Network.Layers[1:] { // differences meet no kinks
			cfg.Network.Layers[l].Activation = "tanh"
		}
		if name == "dense" {
			cfg.Reward = true
			for i, l := range cfg.Learners {
				if l.Learner.Modulator != "" {
					cfg.Learners[i].Learner.UseModulator(tellsReward{tells{one: i == 1}})
				}
			}
		}
		kinds := map[string]bool{}
		for _, l := range cfg.Learners {
			cfg.Learners = []graph.NamedLearner{l}
			derivatives(t, name, cfg, kinds)
		}
		for _, want := range []string{"rule.lambda", "rule.gain", "rule.k", "output_rule.lambda", "modulator.w", "modulator.b",
			"state.e", "state.old", "state.left", "state.n", "state_b.e", "state_b.left"} {
			if !kinds[want] {
				t.Errorf("%s: no learned %s", name, want)
			}
		}
	}
}

// derivatives compares the meta-gradients of a configuration's only learner, of its own parameters all elements.
func derivatives(t *testing.T, name string, cfg graph.Config, kinds map[string]bool) {
	t.Helper()
	l := cfg.Learners[0]
	e := newEpisode(cfg, "remember "+name)
	full := unroll(t, cfg)
	cfg.Forward = true
	forward := unroll(t, cfg)
	for _, u := range []*graph.Unrolled{full, forward} {
		if err := u.BindReward(graphtest.Normals("reward", cfg.Steps*cfg.Batch, 0.5)); err != nil {
			t.Fatal(err)
		}
		run(t, u, e)
	}
	layout := full.Layout(0)
	th, g := theta(layout), gradient(t, full, 0)
	for _, p := range layout {
		if !p.Learned {
			if !l.Learner.FixedRule && p.Group == graph.RuleOwn && !strings.HasSuffix(string(p.Role), ".kept") {
				t.Errorf("%s: %s is not learned", l.Name, p.Name)
			}
			continue
		}
		most := min(p.Size, 5)
		if p.Group == graph.RuleOwn {
			kinds[string(p.Role)] = true
			most = p.Size
		}
		graphtest.DifferencesBy(t, fmt.Sprintf("%s, %s: %s", name, l.Name, p.Name), func() float64 {
			if err := forward.SetParams(0, th); err != nil {
				t.Fatal(err)
			}
			if err := forward.Run(); err != nil {
				t.Fatal(err)
			}
			return forward.Loss(0)
		}, p.Of(th)[:most], p.Of(g)[:most], 2e-4, 1e-7)
	}
}
