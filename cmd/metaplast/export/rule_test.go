package export

import (
	"context"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/graph/op"
	"metaplast/metaopt/analysis"
	"metaplast/metaopt/evaluate"
	"metaplast/rules"
)

// counting is Hebb's rule times a parameter, with a variable for each unit that counts steps from a
// learned number on.
type counting struct{}

func (counting) Info() rules.Info { return rules.Info{Name: "test-counting", Summary: "counts"} }

func (counting) Params() []rules.Param {
	return []rules.Param{{Name: "gain", Initial: 0.5, About: "of the change"}, {Name: "table", Shape: []int{2, 3}}}
}

func (counting) State() []rules.Variable {
	return []rules.Variable{{Name: "n", Per: rules.PerPost, Initial: 1, Learned: true}, {Name: "w", Per: rules.PerSynapse}}
}

func (c counting) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	delta, _ := c.Next(b, s)
	return delta
}

func (counting) Next(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
	return rules.Times(b, b.Hebb(s.Post, s.Pre), s.Params["gain"]), rules.Values{"n": b.Scale(s.State["n"], 2), "w": s.W}
}

// TestRuleArrays: what rules learn and remember is exported by its name.
func TestRuleArrays(t *testing.T) {
	n := graph.MLP(3, []int{5}, 1, 0, objective.MSE)
	l, err := graph.Preset("flp")
	if err != nil {
		t.Fatal(err)
	}
	l.UseRule(counting{})
	l.RulePer, l.PlasticBias = graph.PerLayer, true
	layout, err := graph.NewLayout(n, l)
	if err != nil {
		t.Fatal(err)
	}
	s := evaluate.Subject{Name: "a", Layout: layout, Theta: layout.Init(3), Graph: graph.Config{Network: n, Learners: []graph.NamedLearner{{Name: "a", Learner: l}}, Dtype: tensor.Float32}}
	ep, err := task.Sample(1, data.HeldOut, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := analysis.Record(context.Background(), s, ep, 2)
	if err != nil {
		t.Fatal(err)
	}
	learners := []Learner{{Subject: s, Trace: tr}}
	p, e := archive(t, Parameters(learners)), archive(t, Episode(ep, learners))
	if gain := shape(t, p, "a/rule.gain.0", 1); gain[0] != 0.5 {
		t.Errorf("gain %v", gain)
	}
	shape(t, p, "a/rule.table.1", 2, 3)
	shape(t, p, "a/state.n.0", 5)
	shape(t, p, "a/state_b.n.1", 1)
	if count := shape(t, e, "a/final_state.n.0", 5); count[4] != 64 { // 2⁶ after six steps
		t.Errorf("final state %v, want 64", count)
	}
	shape(t, e, "a/final_state_b.w.0", 5, 1)
	shape(t, e, "a/final_state.w.0", 5, 3)
	rows := parameterTable(learners).Rows
	found := false
	for _, r := range rows {
		found = found || r[1] == "rule.gain.1" && r[2] == graph.RuleOwn
	}
	if !found {
		t.Errorf("no row of rule.gain.1 in %v", rows)
	}
	k := len(tr.Steps)
	want, err := Values(task.Spec(), k, []evaluate.Subject{s})
	if err != nil {
		t.Fatal(err)
	}
	have := 0
	for _, a := range Episode(ep, learners) {
		if !isQuery(a.Name) {
			have += len(a.Data)
		}
	}
	if have != want+2*k+1 { // beside the numbers of steps and the losses
		t.Errorf("the episode has %d values, %d were foreseen", have-2*k-1, want)
	}
}

func isQuery(name string) bool { return name == "a/query_h1" || name == "a/query_h2" }
