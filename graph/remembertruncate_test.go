package graph_test

import (
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/graph/internal/graphtest"
	"metaplast/graph/op"
	"metaplast/rules"
)

// carries is a rule all of whose variables can begin anywhere, of every extent, one of them left alone.
type carries struct{}

var _ rules.Stateful = carries{}

func (carries) Info() rules.Info { return rules.Info{Name: "test-carries"} }
func (carries) Params() []rules.Param {
	return []rules.Param{{Name: "lambda", Initial: 0.7}}
}
func (carries) State() []rules.Variable {
	return []rules.Variable{
		{Name: "e", Per: rules.PerSynapse, Initial: 0.1, Learned: true}, {Name: "r", Per: rules.PerPost, Initial: 1, Learned: true},
		{Name: "q", Per: rules.PerPre, Initial: 0.5, Learned: true}, {Name: "same", Per: rules.PerPost, Initial: 0.8, Learned: true},
	}
}
func (c carries) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	d, _ := c.Next(b, s)
	return d
}
func (carries) Next(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
	e := b.Add(rules.Times(b, s.State["e"], s.Params["lambda"]), b.Oja(s.Post, s.Pre, s.W))
	d := b.RowScale(b.Mul(s.State["r"], s.State["same"]), b.ColScale(e, s.State["q"]))
	return d, rules.Values{
		"e": e, "same": s.State["same"],
		"r": b.AddScaled(b.Scale(s.State["r"], 0.5), b.ColDot(s.Post, s.Post), 0.25),
		"q": b.AddScaled(b.Scale(s.State["q"], 0.5), b.ColDot(s.Pre, s.Pre), 0.1),
	}
}

// TestRememberTruncate compares a truncated gradient of rules with state with that of the last steps alone, begun
// from the weights and variables that an episode of the steps before ends with.
func TestRememberTruncate(t *testing.T) {
	const steps, k = 5, 2
	cfg := graph.Config{Network: graph.MLP(3, []int{5, 4}, 2, 0, objective.MSE), Steps: steps, Batch: 2, Query: 4, Dtype: tensor.Float64,
		Learners: []graph.NamedLearner{{Name: "carries", Learner: rememberer(t, carries{}, nil)}, {Name: "per neuron", Learner: rememberer(t, carries{}, func(l *graph.Learner) {
			l.RulePer, l.PlasticBias = graph.PerNeuron, false
		})}}}
	e := newEpisode(cfg, "remember truncate")
	exact := unroll(t, cfg)
	run(t, exact, e)
	cut := cfg
	cut.Truncate = k
	u := unroll(t, cut)
	run(t, u, e)
	cut.Remat = 2
	again := unroll(t, cut)
	run(t, again, e)

	perX, perY := len(e.xs)/steps, len(e.ys)/steps
	before := cfg
	before.Steps = steps - k
	first := unroll(t, before)
	run(t, first, episode{e.xs[:(steps-k)*perX], e.ys[:(steps-k)*perY], e.xq, e.yq})
	rest := cfg
	rest.Steps = k
	last := unroll(t, rest)
	if err := last.Bind(e.xs[(steps-k)*perX:], e.ys[(steps-k)*perY:], e.xq, e.yq); err != nil {
		t.Fatal(err)
	}
	for i := range cfg.Learners {
		layout := last.Layout(i)
		th := theta(layout)
		for _, a := range append(first.FinalWeights(i), first.FinalState(i)...) {
			p, ok := layout.Find(strings.TrimPrefix(a.Name, "final_"))
			if !ok {
				t.Fatalf("no parameter for %s", a.Name)
			}
			copy(p.Of(th), a.Data)
		}
		if err := last.SetParams(i, th); err != nil {
			t.Fatal(err)
		}
	}
	if err := last.Run(); err != nil {
		t.Fatal(err)
	}
	for i, l := range cfg.Learners {
		graphtest.CloseTo(t, l.Name, gradient(t, u, i), gradient(t, last, i), 1e-12)
		whole, truncated := allOf(t, exact, i), allOf(t, u, i)
		n := 1 + u.Layout(i).Total()
		graphtest.SameBits(t, l.Name+": loss", truncated[:1], whole[:1])
		graphtest.SameBits(t, l.Name+": final weights and variables", truncated[n:], whole[n:])
		graphtest.SameBits(t, l.Name+": checkpoints", allOf(t, again, i), truncated)
		if slices.Equal(truncated[1:n], whole[1:n]) {
			t.Errorf("%s: the gradient is not truncated", l.Name)
		}
	}
	cut.Objective = graph.Objective{Query: 1, Stream: 1}
	if _, err := graph.New(cut); err == nil || !strings.Contains(err.Error(), "objective.stream") {
		t.Errorf("truncated, and a loss over the stream: %v: want it refused", err)
	}
}

// TestRememberEstimate compares the memory that is planned for episodes of rules with state with what they take, and
// asks that variables are counted among what checkpoints hold.
func TestRememberEstimate(t *testing.T) {
	for _, rule := range []rules.Rule{remembers{array: true}, carries{}, rules.Oja{}} {
		cfg := graph.Config{Network: graph.MLP(8, []int{24, 24}, 3, 0, objective.MSE), Steps: 60, Batch: 3, Query: 10, Dtype: tensor.Float32,
			Learners: []graph.NamedLearner{{Name: "a", Learner: rememberer(t, rule, func(l *graph.Learner) { l.PlasticBias = false })}}}
		m, err := graph.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		need, err := m.Estimate()
		if err != nil {
			t.Fatal(err)
		}
		weights := int64(4 * (8*24 + 24*24 + 24*3))
		switch rule.(type) {
		case rules.Oja:
			if need.Checkpoint != weights {
				t.Errorf("oja: checkpoints of %d bytes: want %d", need.Checkpoint, weights)
			}
		case carries:
			if want := 2*weights + 4*(2*(24+24+3)+8+24+24); need.Checkpoint != want {
				t.Errorf("with state: checkpoints of %d bytes: want %d", need.Checkpoint, want)
			}
		}
		for _, remat := range []int{0, 4, 10} {
			with := cfg
			with.Remat = remat
			u := unroll(t, with)
			const nodeBytes = 1400
			have, planned := int64(u.Bytes()+u.Nodes()*nodeBytes), need.Bytes(remat)
			if ratio := float64(planned) / float64(have); ratio < 0.8 || ratio > 1.35 {
				t.Errorf("%s, checkpoints every %d steps: %d bytes are planned, and %d are taken", rule.Info().Name, remat, planned, have)
			}
		}
	}
}
