package pages

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules"
)

// all is a rule with everything that a rule can have.
type all struct {
	Inside rules.Rule `yaml:"inside" about:"what is halved"`
}

func (all) Info() rules.Info {
	return rules.Info{Name: "test-all", Summary: "does all", Formula: "Δ = 1", Source: "nobody"}
}

func (all) Params() []rules.Param {
	list := []rules.Param{{Name: "gain", Initial: 0.5, Spread: 0.1, About: "of all"}, {Name: "table", Shape: []int{3, 4}, Fixed: true, About: "numbers"}}
	for i := range 9 {
		list = append(list, rules.Param{Name: fmt.Sprintf("theta_%d", i), Sparse: true, About: fmt.Sprintf("x^%d", i)})
	}
	return list
}

func (all) State() []rules.Variable {
	return []rules.Variable{{Name: "trace", Per: rules.PerSynapse, About: "what was"}, {Name: "count", Per: rules.PerPost, Initial: 1, Learned: true, About: "how often"}, {Name: "last", Per: rules.PerPre, About: "input"}}
}

func (all) Observes() rules.Observed { return rules.Observed{Modulator: true} }

func (all) NonLocal() string { return "rows see each other" }

func (all) Delta(b *op.Builder, s rules.Synapses) *G.Node { return nil }

func (all) Read(b *op.Builder, h *G.Node, s rules.Synapses) *G.Node { return nil }

func (all) Next(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) { return nil, nil }

// paid is a modulator with a weight for each unit of the top hidden layer.
type paid struct{}

func (paid) Info() rules.Info { return rules.Info{Name: "test-paid", Summary: "is paid"} }

func (paid) Params(top int) []rules.Param {
	return []rules.Param{{Name: "w", Shape: []int{top, 2}, About: "weights"}}
}

func (paid) Value(b *op.Builder, m rules.Moment) *G.Node { return nil }

func (paid) NeedsReward() {}

func listed(t *testing.T) Catalog {
	t.Helper()
	if _, err := rules.LookupRule("test-all"); err != nil {
		if err := rules.Register(all{Inside: rules.Oja{}}); err != nil {
			t.Fatal(err)
		}
		if err := rules.RegisterModulator(paid{}); err != nil {
			t.Fatal(err)
		}
	}
	here := reflect.TypeFor[all]().PkgPath()
	return Registered(func(entry any) bool {
		return reflect.TypeOf(entry).PkgPath() == here || entry == rules.Rule(rules.Oja{})
	})
}

// TestListing: rules and modulators are listed with what they learn, remember and need, and those that
// are made of rules apart from the others.
func TestListing(t *testing.T) {
	const want = `rules: how a synapse changes

  oja
    Hebb with a decay that grows with postsynaptic activity
      Δ = pᵀ h − diag(Σ_n p²) W
    Oja, J. Math. Biol. 15 (1982) 267-273; Lindsey & Litwin-Kumar, NeurIPS 2020

rules of rules: what becomes of the change by the rule inside

  test-all
    does all
      Δ = 1
    nobody
    setting inside: text, any rule: a name, or a mapping with a name and settings, default oja: what is halved
    parameter gain [1], at first 0.5 ± 0.1, learned: of all
    parameter table [3,4], at first 0: numbers
    9 parameters theta_0 to theta_8, each [1], learned, sparse under rule_penalty, such as theta_8: x^8
    variable trace [out,in], at first 0: what was
    variable count [out], at first 1, learned: how often
    variable last [in], at first 0: input
    third factor: needs a modulator
    readout: as output_rule with readout: rule it says how answers are read
    not local: rows see each other

modulators: the third factor, for rules that have one

  test-paid
    is paid
      
    
    parameter w [n,2], at first 0, learned: weights
    needs a task that gives a reward

activations:`
	c := listed(t)
	if have := string(c.Text()); !strings.HasPrefix(have, want) {
		t.Errorf("%s\nwant\n%s", have, want)
	}
	table := string(c.Markdown())
	for _, row := range []string{
		"\n## Rules of rules\n\n| name | what it does | formula | source | parameters, variables, what else it needs |\n| --- | --- | --- | --- | --- |\n| `test-all` | does all | `Δ = 1` | nobody | parameter gain [1], at first 0.5 ± 0.1, learned: of all; ",
		"; not local: rows see each other |\n",
		"\n## Modulators\n\n",
		"| parameter w [n,2], at first 0, learned: weights; needs a task that gives a reward |\n",
	} {
		if !strings.Contains(table, row) {
			t.Errorf("no %q in\n%s", row, table)
		}
	}
}

// TestListingJSON: programs get the same.
func TestListingJSON(t *testing.T) {
	text, err := json.Marshal(listed(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"of":["inside"],"parameters":[{"name":"gain","shape":"[1]","initial":0.5,"spread":0.1,"learned":true,"about":"of all"},{"name":"table","shape":"[3,4]","initial":0,"learned":false,"about":"numbers"}`,
		`"state":[{"name":"trace","shape":"[out,in]","initial":0,"learned":false,"about":"what was"}`,
		`"third_factor":true,"reads":true,"not_local":"rows see each other"}`,
		`"modulators":[{"name":"test-paid"`, `"shape":"[n,2]"`, `"needs_reward":true`,
		`"pathways":[]`, `"activations":[{"name":"relu"`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}
