package rulestest_test

import (
	"fmt"
	"testing"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules"
	"metaplast/rules/rulestest"
)

// Covariance strengthens a synapse when the activities at its ends vary together over the
// examples of a step.
//
//	Δ = (p − p̄)ᵀ (h − h̄)   [out,in]
//
// Source: Sejnowski, Storing covariance with nonlinearly interacting neurons, J. Math. Biol.
// 4 (1977) 303-321.
type Covariance struct{}

var _ rules.Rule = Covariance{}

// Info describes the rule.
func (Covariance) Info() rules.Info {
	return rules.Info{
		Name:    "covariance",
		Summary: "covariance of presynaptic and postsynaptic activity",
		Formula: "Δ = (p − p̄)ᵀ (h − h̄)",
		Source:  "Sejnowski, J. Math. Biol. 4 (1977) 303-321",
	}
}

// Delta returns Δ [out,in].
func (Covariance) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	n := float64(s.Pre.Shape()[0])
	centred := func(x *G.Node) *G.Node { return b.AddBias(x, b.Scale(b.SumBias(x), -1/n)) }
	return b.Hebb(centred(s.Post), centred(s.Pre))
}

func TestCovariance(t *testing.T) { rulestest.Check(t, Covariance{}, rulestest.Options{}) }

// A rule of one's own needs a type, its formula in op methods, and one line in a test:
//
//	rulestest.Check(t, Covariance{}, rulestest.Options{})
//
// Without a test, Rule returns what is wrong with it.
func ExampleRule() {
	for _, fault := range rulestest.Rule(Covariance{}, rulestest.Options{}) {
		fmt.Println(fault)
	}
	fmt.Println("checked")
	// Output:
	// checked
}

// A registered rule can be named by learners, and is checked inside whole episodes too.
func ExampleEpisodes() {
	row, err := rulestest.Episodes("oja", "direct", "synapse", rulestest.Options{Elements: 5})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(row.Rule, row.Pathway, row.Granularity, row.Passed, row.WorstError < 1e-8)
	// Output:
	// oja direct synapse true true
}
