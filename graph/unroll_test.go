package graph_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/graph/engine"
	"metaplast/graph/internal/graphtest"
	"metaplast/graph/op"
)

// small is a configuration with the presets named, all if none is.
func small(t *testing.T, dt tensor.Dtype, presets ...string) graph.Config {
	t.Helper()
	cfg := graph.Config{Network: graph.MLP(4, []int{6, 5}, 3, 0, objective.MSE), Steps: 3, Batch: 2, Query: 4, Dtype: dt}
	if len(presets) == 0 {
		cfg.Learners = graph.Presets()
	}
	for _, name := range presets {
		l, err := graph.Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Learners = append(cfg.Learners, graph.NamedLearner{Name: name, Learner: l})
	}
	return cfg
}

// TestLearnersTogether asks for the same bits from learners in one graph as from each alone,
// from another build, and from either machine.
func TestLearnersTogether(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
		cfg := small(t, dt)
		e := newEpisode(cfg, "together")
		together := unroll(t, cfg)
		run(t, together, e)
		onTape := cfg
		onTape.Machine = engine.Tape
		tape := unroll(t, onTape)
		run(t, tape, e)
		for i, l := range cfg.Learners {
			alone := cfg
			alone.Learners = cfg.Learners[i : i+1]
			u := unroll(t, alone)
			run(t, u, e)
			want := results(t, u, 0)
			graphtest.SameBits(t, fmt.Sprintf("%s %v together", l.Name, dt), results(t, together, i), want)
			graphtest.SameBits(t, fmt.Sprintf("%s %v on Tape", l.Name, dt), results(t, tape, i), want)
		}
	}
}

// TestBindAgain binds another episode in between, to see that no run leaves anything behind.
func TestBindAgain(t *testing.T) {
	for name, machine := range map[string]engine.Machine{"Sequential": engine.Sequential, "Tape": engine.Tape} {
		cfg := small(t, tensor.Float32, "flp", "meta-sgd")
		cfg.Machine = machine
		u := unroll(t, cfg)
		one, two := newEpisode(cfg, "one"), newEpisode(cfg, "two")
		run(t, u, one)
		first := [][]float64{results(t, u, 0), results(t, u, 1)}
		run(t, u, two)
		other := results(t, u, 0)
		if other[0] == first[0][0] {
			t.Errorf("%s: the loss of another episode is the same", name)
		}
		for range 2 {
			run(t, u, one)
			graphtest.SameBits(t, name+", flp", results(t, u, 0), first[0])
			graphtest.SameBits(t, name+", meta-sgd", results(t, u, 1), first[1])
		}
		fresh := unroll(t, cfg)
		run(t, fresh, two)
		graphtest.SameBits(t, name+", flp built again", results(t, fresh, 0), other)
	}
}

// TestForward checks that leaving the meta-gradients out changes nothing else.
func TestForward(t *testing.T) {
	cfg := small(t, tensor.Float32)
	e := newEpisode(cfg, "forward")
	full := unroll(t, cfg)
	run(t, full, e)
	cfg.Forward = true
	forward := unroll(t, cfg)
	run(t, forward, e)
	if forward.Nodes() >= full.Nodes() {
		t.Errorf("%d nodes forward, %d in full", forward.Nodes(), full.Nodes())
	}
	for i := range cfg.Learners {
		if forward.Loss(i) != full.Loss(i) {
			t.Errorf("learner %d: loss %v forward, %v in full", i, forward.Loss(i), full.Loss(i))
		}
		g := graphtest.Normals("junk", forward.Layout(i).Total(), 1)
		if !forward.Gradient(i, g) || tensorMax(g) != 0 {
			t.Errorf("learner %d: gradient is not zero in a forward graph", i)
		}
	}
}

func tensorMax(x []float64) float64 {
	m := 0.0
	for _, v := range x {
		m = math.Max(m, math.Abs(v))
	}
	return m
}

// TestBindErrors binds what does not fit, and checks that nothing has changed by it.
func TestBindErrors(t *testing.T) {
	cfg := small(t, tensor.Float64, "flp")
	u := unroll(t, cfg)
	good := newEpisode(cfg, "good")
	run(t, u, good)
	before := results(t, u, 0)

	of := func(n int) []float64 { return graphtest.Normals("bad", n, 1) }
	with := func(bad float64) []float64 {
		d := slices.Clone(good.yq)
		d[7] = bad
		return d
	}
	for name, c := range map[string]struct {
		e     episode
		array string
		says  string
	}{
		"nil":          {episode{nil, good.ys, good.xq, good.yq}, "x_support", "[0]: want [3 2 4]"},
		"inputs":       {episode{of(23), good.ys, good.xq, good.yq}, "x_support", "[23]: want [3 2 4]"},
		"steps":        {episode{good.xs, of(24), good.xq, good.yq}, "y_support", "[24]: want [3 2 3]"},
		"query inputs": {episode{good.xs, good.ys, of(20), good.yq}, "x_query", "[20]: want [4 4]"},
		"query rows":   {episode{good.xs, good.ys, good.xq, of(9)}, "y_query", "[9]: want [4 3]"},
		"NaN":          {episode{good.xs, good.ys, good.xq, with(math.NaN())}, "y_query", "index 7"},
		"Inf":          {episode{good.xs, good.ys, good.xq, with(math.Inf(-1))}, "y_query", "index 7"},
	} {
		err := u.Bind(c.e.xs, c.e.ys, c.e.xq, c.e.yq)
		var fault *graph.DataError
		if !errors.As(err, &fault) || fault.Array != c.array || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v: want a DataError about %s that says %q", name, err, c.array, c.says)
		}
	}

	th := theta(u.Layout(0))
	if err := u.SetParams(0, th[1:]); err == nil {
		t.Error("parameters of a wrong length: want an error")
	}
	alpha, _ := u.Layout(0).Find("alpha1")
	th[0] = 99 // must not arrive either
	alpha.Of(th)[2] = math.NaN()
	if err := u.SetParams(0, th); err == nil || !strings.Contains(err.Error(), "flp/alpha1") || !strings.Contains(err.Error(), "index 2") {
		t.Errorf("NaN among the parameters: %v: want an error that names the array", err)
	}

	if err := u.Run(); err != nil {
		t.Fatal(err)
	}
	graphtest.SameBits(t, "after refusals", results(t, u, 0), before)
}

// TestDiagnose forces overflows and asks where they began.
func TestDiagnose(t *testing.T) {
	for _, c := range []struct {
		name string
		rule string
		set  map[string]float64 // parameters
		at   op.Label
	}{
		// α Δ is beyond float32 at once.
		{"plasticity", "hebb", map[string]float64{"alpha1": 3e38}, op.Label{Learner: "bad", Step: 0, Layer: 1, Array: "W"}},
		// W_1 is of order 1e30 after the first step, then so is p_1, and α Δ is 1e60.
		{"one step later", "hebb", map[string]float64{"alpha1": 1e30}, op.Label{Learner: "bad", Step: 1, Layer: 1, Array: "W"}},
		// As before, but with decay it is p_0² of the layer below that overflows first.
		{"by decay", "oja", map[string]float64{"alpha1": 1e30}, op.Label{Learner: "bad", Step: 1, Layer: 0, Array: "W"}},
		// Changes of the last step are used by nothing but the query.
		{"in the query", "hebb", map[string]float64{"alpha2": 1e25}, op.Label{Learner: "bad", Step: op.Query, Layer: -1, Array: "loss"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := small(t, tensor.Float32, "flp")
			bad := cfg.Learners[0]
			bad.Name, bad.Learner.Rule, bad.Learner.FeedbackActivation = "bad", c.rule, graph.Linear
			cfg.Learners = append(cfg.Learners, bad)
			if c.name == "in the query" {
				cfg.Steps = 1
			}
			u := unroll(t, cfg)
			run(t, u, newEpisode(cfg, "diagnose"))
			healthy := results(t, u, 0)
			for i := range 2 {
				if d, err := u.Diagnose(i); d != nil || err != nil {
					t.Fatalf("learner %d: %v, %v: want no divergence yet", i, d, err)
				}
			}
			layout := u.Layout(1)
			th := theta(layout)
			for name, v := range c.set {
				p, _ := layout.Find(name)
				for i := range p.Of(th) {
					p.Of(th)[i] = v
				}
			}
			if err := u.SetParams(1, th); err != nil {
				t.Fatal(err)
			}
			if err := u.Run(); err != nil {
				t.Fatal(err)
			}
			if u.Gradient(1, make([]float64, layout.Total())) {
				t.Error("Gradient does not report the overflow")
			}
			d, err := u.Diagnose(1)
			if err != nil || d == nil {
				t.Fatalf("%v, %v: want a divergence", d, err)
			}
			if d.At != c.at || !math.IsInf(d.Value, 0) && !math.IsNaN(d.Value) {
				t.Errorf("%v: want it at %v", d, c.at)
			}
			if !strings.Contains(d.Error(), c.at.String()) {
				t.Errorf("message %q: want the place, %v", d.Error(), c.at)
			}
			// The other learner is not touched, nor reported.
			if d, err := u.Diagnose(0); d != nil || err != nil {
				t.Errorf("healthy learner: %v, %v", d, err)
			}
			graphtest.SameBits(t, "healthy learner", results(t, u, 0), healthy)
		})
	}
}

// TestRunAllocatesNothing holds for every preset at once, in both precisions.
func TestRunAllocatesNothing(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		cfg := small(t, dt)
		u := unroll(t, cfg)
		run(t, u, newEpisode(cfg, "allocations"))
		if n := testing.AllocsPerRun(20, func() {
			if err := u.Run(); err != nil {
				t.Fatal(err)
			}
		}); n != 0 && !graphtest.Race {
			t.Errorf("%v: %v allocations in a run: want none", dt, n)
		}
	}
}

// TestValidateListsAll makes many mistakes at once and wants each of them named.
func TestValidateListsAll(t *testing.T) {
	bad := graph.Learner{Rule: "hepp", Pathway: "drect", Signal: "eror", FeedbackActivation: "tanhh", Plasticity: "synapses",
		Examples: "average", Strength: math.NaN(), InnerLR: math.Inf(1), HiddenScale: -1, FeedbackScale: -2}
	mean, _ := graph.Preset("oml")
	mean.Examples = graph.MeanExamples
	cfg := graph.Config{
		Network:  graph.MLP(4, []int{6}, 3, 0, objective.MSE),
		Learners: []graph.NamedLearner{{Name: "bad", Learner: bad}, {Name: "mean", Learner: mean}, {Name: "mean", Learner: mean}},
		Steps:    0, Batch: -1, Query: 0, Dtype: tensor.Int,
	}
	err := cfg.Validate()
	if err == nil {
		t.Fatal("want an error")
	}
	for _, want := range []string{
		"steps", "batch", "query", "dtype", `two learners named "mean"`,
		"learners.bad.rule", `"hebb"`, "learners.bad.pathway", `"direct"`, "learners.bad.signal", `"error"`,
		"learners.bad.feedback_activation", "learners.bad.plasticity", `"synapse"`, "learners.bad.examples",
		"learners.bad.strength", "learners.bad.inner_lr", "learners.bad.hidden_scale", "learners.bad.feedback_scale",
		"learners.mean.examples",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %s:\n%v", want, err)
		}
	}
	if _, again := graph.Unroll(cfg); again == nil || again.Error() != err.Error() {
		t.Errorf("Unroll returns %v: want what Validate returns", again)
	}
	if err := small(t, tensor.Float32).Validate(); err != nil {
		t.Errorf("a valid configuration: %v", err)
	}

	// Nothing plastic, and no learners at all.
	cfg = small(t, tensor.Float32, "flp")
	cfg.Network = graph.MLP(4, []int{6}, 3, 2, objective.MSE)
	if err := cfg.Validate(); err == nil || !strings.Contains(err.Error(), "plastic") {
		t.Errorf("%v: want an error about no layer being plastic", err)
	}
	cfg.Learners = nil
	if err := cfg.Validate(); err == nil || !strings.Contains(err.Error(), "learners") {
		t.Errorf("%v: want an error about no learners", err)
	}
}
