package graph_test

import (
	"errors"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/graph/op"
	"metaplast/rules"
)

// scaled is Hebb's rule times a factor, under the name of a registered rule or one of its own.
type scaled struct {
	name   string
	Factor float64 `yaml:"factor"`
}

func (s scaled) Info() rules.Info { return rules.Info{Name: s.name} }

func (s scaled) Delta(b *op.Builder, y rules.Synapses) *G.Node {
	return b.Scale(rules.Hebb{}.Delta(b, y), s.Factor)
}

func (s scaled) Validate() error {
	if s.Factor < 0 {
		return errors.New("factor below 0")
	}
	return nil
}

// TestUseRule: the value of a rule is what learns, with its settings, registered or not.
func TestUseRule(t *testing.T) {
	e, err := data.Sine{Functions: 2, Steps: 3, Batch: 4, Query: 8}.Sample(1, data.Train, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	loss := func(r rules.Rule, rate float64) float64 {
		l, err := graph.Preset("flp")
		if err != nil {
			t.Fatal(err)
		}
		l.UseRule(r)
		l.InnerLR = rate
		u, err := graph.Unroll(graph.Config{Network: graph.MLP(3, []int{8}, 1, 0, objective.MSE),
			Learners: []graph.NamedLearner{{Name: "own", Learner: l}}, Steps: 6, Batch: 4, Query: 16, Dtype: tensor.Float64})
		if err != nil {
			t.Fatal(err)
		}
		defer u.Close()
		if err := errors.Join(u.Bind(e.Arrays()), u.SetParams(0, u.Layout(0).Init(1)), u.Run()); err != nil {
			t.Fatal(err)
		}
		return u.Loss(0)
	}
	hebb := loss(rules.Hebb{}, 0.004)
	for _, name := range []string{"hebb", "test-not-registered"} {
		if have := loss(scaled{name, 1}, 0.004); have != hebb {
			t.Errorf("%s: loss %v with a factor of 1, want that of Hebb's rule, %v", name, have, hebb)
		}
		if have := loss(scaled{name, 2}, 0.002); have < hebb*(1-1e-9) || have > hebb*(1+1e-9) {
			t.Errorf("%s: loss %v with a factor of 2 at half the rate, want %v", name, have, hebb)
		}
		if have := loss(scaled{name, 2}, 0.004); have == hebb {
			t.Errorf("%s: the factor has no effect", name)
		}
	}
}

// TestUseRuleFaults: a value of another name, and one whose settings are not legal.
func TestUseRuleFaults(t *testing.T) {
	l, err := graph.Preset("flp")
	if err != nil {
		t.Fatal(err)
	}
	l.UseRule(rules.Hebb{})
	if l.RuleValue != nil || l.Rule != "hebb" {
		t.Errorf("a registered rule: %q, %v; want its name alone", l.Rule, l.RuleValue)
	}
	l.RuleValue = scaled{"own", -1}
	l.UsePathway(rules.Direct{})
	err = l.Validate("learners.x")
	for _, want := range []string{`learners.x.rule: "hebb", and the value beside it is "own"`, "learners.x.rule: factor below 0"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want %s", err, want)
		}
	}
	if strings.Contains(err.Error(), "pathway") {
		t.Errorf("%v: nothing is wrong with the pathway", err)
	}
}
