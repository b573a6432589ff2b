package metaopt

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"metaplast/graph"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/optim"
	"metaplast/rules"
)

// TestLearnedRuleResumes: the parameters of a rule are trained at the rate of their group, lie in the
// checkpoint by name, and go on from there with the bytes of a run that was left alone, for any number of
// workers.
func TestLearnedRuleResumes(t *testing.T) {
	p := tiny(t)
	l := &p.Graph.Learners[0].Learner
	pool, err := rules.LookupRule("pool")
	if err != nil {
		t.Fatal(err)
	}
	l.UseRule(pool)
	l.InnerLR, l.RulePer, l.RulePenalty = 0.01, graph.PerLayer, 0.001
	p.Graph.Objective = graph.Objective{Query: 1, Stream: 0.5}
	p.Settings.Rates = map[string]float64{graph.Weights: 1e-3, graph.Feedback: 1e-3, graph.Plasticity: 1e-3, graph.Strength: 1e-3, graph.RuleOwn: 0.02}
	dir := t.TempDir()
	want, err := train(t, p, dir, context.Background())
	if err != nil {
		t.Fatal(err)
	}
	c, err := checkpoint.Load(filepath.Join(dir, "checkpoint.npz"))
	if err != nil {
		t.Fatal(err)
	}
	layout, err := graph.NewLayout(p.Graph.Network, *l)
	if err != nil {
		t.Fatal(err)
	}
	start, moved := layout.Init(p.Seed), 0.0
	var names []string
	for _, s := range c.Learners[0].Layout {
		if s.Group != graph.RuleOwn {
			continue
		}
		names = append(names, s.Name)
		for i := s.Offset; i < s.End(); i++ {
			moved = max(moved, c.Learners[0].Theta[i]-start[i], start[i]-c.Learners[0].Theta[i])
		}
	}
	if len(names) != 30 || !slices.Contains(names, "rule.theta_9.2") {
		t.Errorf("the checkpoint has %s, want ten parameters for each of three layers", strings.Join(names, " "))
	}
	if moved < 0.02 {
		t.Errorf("after all meta-steps at a rate of 0.02 parameters of the rule have moved by %v at most", moved)
	}
	again := t.TempDir()
	for _, stop := range []int{2, 5} {
		ctx, cancel := context.WithCancel(context.Background())
		q := p
		q.Workers = stop
		q.Progress = func(p Progress) {
			if p.Step >= stop {
				cancel()
			}
		}
		if _, err := train(t, q, again, ctx); err == nil {
			t.Fatalf("not stopped after meta-step %d", stop)
		}
	}
	if have, err := train(t, p, again, context.Background()); err != nil || have != want {
		t.Errorf("a resumed run differs: %v", err)
	}
}

// TestRememberingRule: a rule of rules with variables, one of which begins where it is learned, and a third factor
// with parameters of its own is trained with the same bytes by any number of workers and after a stop.
func TestRememberingRule(t *testing.T) {
	p := tiny(t)
	l := &p.Graph.Learners[0].Learner
	l.UseRule(rules.Decay{Of: rules.Counted{Of: rules.Modulated{Of: rules.BCM{Tau: 0.3, Theta: 0.2, Learn: true}, Gain: 1}, Rho: 0.5}, Lambda: 0.9})
	l.UseModulator(rules.ReadoutFactor{Bias: 1})
	l.InnerLR, l.RulePer, l.PlasticBias = 0.01, graph.PerNeuron, true
	p.Settings.Rates = map[string]float64{graph.Weights: 1e-3, graph.Feedback: 1e-3, graph.Plasticity: 1e-3, graph.Strength: 1e-3, graph.RuleOwn: 0.01}
	var want string
	for _, workers := range []int{1, 3} {
		p.Workers = workers
		dir := t.TempDir()
		if workers > 1 { // stopped on the way
			ctx, cancel := context.WithCancel(context.Background())
			q := p
			q.Progress = func(p Progress) {
				if p.Step >= 3 {
					cancel()
				}
			}
			if _, err := train(t, q, dir, ctx); err == nil {
				t.Fatal("not stopped after meta-step 3")
			}
		}
		have, err := train(t, p, dir, context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			want = have
		}
		if have != want {
			t.Errorf("%d workers: other bytes", workers)
		}
		c, err := checkpoint.Load(filepath.Join(dir, "checkpoint.npz"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"state.theta.0", "state_b.theta.1", "rule.counted_rho.0", "rule.decay_lambda.1", "modulator.w"} {
			if !slices.ContainsFunc(c.Learners[0].Layout, func(s optim.Segment) bool { return s.Name == name }) {
				t.Errorf("the checkpoint has no %s", name)
			}
		}
	}
}
