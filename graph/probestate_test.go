package graph_test

import (
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/graph/op"
	"metaplast/rules"
)

// fading is a rule with a variable per synapse and one per postsynaptic unit:
//
//	E ← E/2 + Δ of Hebb,  Δ = E;  n ← n + Σ p
type fading struct{}

func (fading) Info() rules.Info { return rules.Info{Name: "test-fading", Summary: "fades"} }

func (fading) State() []rules.Variable {
	return []rules.Variable{{Name: "e", Per: rules.PerSynapse, Initial: 0.25}, {Name: "n", Per: rules.PerPost, Learned: true}}
}

func (f fading) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	delta, _ := f.Next(b, s)
	return delta
}

func (fading) Next(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
	e := b.AddScaled(b.Hebb(s.Post, s.Pre), s.State["e"], 0.5)
	return e, rules.Values{"e": e, "n": b.Add(s.State["n"], b.SumBias(s.Post))}
}

// TestProbeState: a probe tells the rules' variables, which a proposed step leaves alone while it tells
// what they would become, and which can be moved.
func TestProbeState(t *testing.T) {
	l, err := graph.Preset("flp")
	if err != nil {
		t.Fatal(err)
	}
	l.UseRule(fading{})
	l.PlasticBias = true
	cfg := graph.Config{Network: graph.MLP(4, []int{6}, 3, 0, objective.MSE), Learners: []graph.NamedLearner{{Name: "a", Learner: l}}, Batch: 3, Query: 4, Dtype: tensor.Float64}
	p := newProbe(t, cfg)
	memory, err := graph.NewMemory(cfg.Network, l)
	if err != nil {
		t.Fatal(err)
	}
	names := ""
	for _, v := range memory {
		names += v.Name + " "
	}
	if want := "state.e.0 state.n.0 state_b.e.0 state_b.n.0 state.e.1 state.n.1 state_b.e.1 state_b.n.1 "; names != want || memory.Total() != p.Memory(0).Total() {
		t.Errorf("%s, want %s", names, want)
	}
	read := func(f func(int, []float64)) []float64 {
		s := make([]float64, memory.Total())
		f(0, s)
		return s
	}
	differ := func(a, b []float64) (most float64) {
		for i := range a {
			most = math.Max(most, math.Abs(a[i]-b[i]))
		}
		return most
	}
	start := read(p.State)
	if e, _ := memory.Find("state.e.1"); e.Size != 18 || e.Of(start)[17] != 0.25 {
		t.Errorf("state.e.1 %v begins at %v, want 18 times 0.25", e.Shape, e.Of(start))
	}
	x, y := batch(cfg, "state")
	if err := p.Propose(x, y); err != nil {
		t.Fatal(err)
	}
	next := read(p.NextState)
	if d := differ(read(p.State), start); d != 0 {
		t.Errorf("a proposed step changes the state by %v", d)
	}
	if err := p.Step(x, y); err != nil {
		t.Fatal(err)
	}
	after := read(p.State)
	if d := differ(after, next); d != 0 || differ(after, start) < 0.01 || differ(after, read(p.NextState)) != 0 {
		t.Errorf("a step gives another state than the proposed one by %v, from the start by %v", d, differ(after, start))
	}
	update := func() []float64 {
		if err := p.Propose(x, y); err != nil {
			t.Fatal(err)
		}
		u := make([]float64, p.Fast(0).Total())
		p.Update(0, u)
		return u
	}
	have := update()
	if err := p.SetState(0, start); err != nil {
		t.Fatal(err)
	}
	if differ(have, update()) < 1e-3 {
		t.Error("the state that was set has no effect on the update")
	}
	start[1] = math.NaN()
	for _, bad := range [][]float64{start, start[1:]} {
		if err := p.SetState(0, bad); err == nil {
			t.Errorf("a state of %d values, %v the second, is taken", len(bad), bad[1])
		}
	}
}

// TestLearnsRule: what rules, the output layer's rule and their variables declare is learned unless it is
// fixed.
func TestLearnsRule(t *testing.T) {
	for _, c := range []struct {
		change func(l *graph.Learner)
		want   bool
	}{
		{func(*graph.Learner) {}, false},
		{func(l *graph.Learner) { l.UseRule(fading{}) }, true},
		{func(l *graph.Learner) { l.UseRule(fading{}); l.FixedRule = true }, false},
		{func(l *graph.Learner) { l.Rule = "pool" }, true},
		{func(l *graph.Learner) { l.OutputRule = "pool" }, true},
		{func(l *graph.Learner) { l.OutputRule = "hebb" }, false},
		{func(l *graph.Learner) { l.Rule = "nothing" }, false},
	} {
		l, err := graph.Preset("flp")
		if err != nil {
			t.Fatal(err)
		}
		if c.change(&l); l.LearnsRule() != c.want {
			t.Errorf("rule %s, output rule %q, fixed %v: %v", l.Rule, l.OutputRule, l.FixedRule, !c.want)
		}
	}
}
