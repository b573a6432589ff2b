package report

import (
	"fmt"
	"strings"
	"testing"

	"metaplast/graph"
	"metaplast/metaopt/config"
)

// TestOwn: the parameters of rules are gathered by name, whatever their layer, and nothing else is.
func TestOwn(t *testing.T) {
	layout := graph.Layout{
		{Name: "W0", Role: "W", Group: graph.Weights, Size: 2},
		{Name: "rule.a.0", Role: "rule.a", Group: graph.RuleOwn, Offset: 2, Size: 1, Learned: true, About: "first"},
		{Name: "rule.b.0", Role: "rule.b", Group: graph.RuleOwn, Offset: 3, Size: 1, Layer: 0},
		{Name: "rule.a.1", Role: "rule.a", Group: graph.RuleOwn, Offset: 4, Size: 2, Layer: 1, Learned: true, About: "first"},
	}
	have := fmt.Sprint(ownOf(layout, []float64{1, 2, 3, 4, 5, 6}))
	if want := "[{rule.a first [3 5 6] true} {rule.b  [4] false}]"; have != want {
		t.Errorf("%s, want %s", have, want)
	}
}

// TestOwnSection: coefficients have a bar by name, their number in the page, and what they are.
func TestOwnSection(t *testing.T) {
	r := sineRun(t)
	if s := r.ownSection(); len(s.Figures)+len(s.Tables) > 0 {
		t.Error("a section without coefficients")
	}
	r.Learners[1].Own = []Own{{"rule.theta_110", "pre × post", []float64{0.75}, true}, {"rule.theta_021", "post² × weight", []float64{-1, -0.5, -0.6}, false}}
	d, err := NewRun(r)
	files := made(t, d, err)
	for _, want := range []string{"What the rules learned", "theta_110", "0.750", "pre × post", "−0.600 [−0.960, −0.510]", "post² × weight (fixed)", `id="figure-rule"`} {
		if !strings.Contains(files["report.html"], want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if len(files["figures/rule.svg"]) < 500 || !strings.Contains(files["figures/rule.svg"], "theta_021") || strings.Contains(files["figures/rule.svg"], ">rule.theta") {
		t.Errorf("no bars by name in figures/rule.svg")
	}
}

// TestLearnerWords: what makes a rule a learned one is told of the learners that have it.
func TestLearnerWords(t *testing.T) {
	r := sineRun(t)
	rows := func() string { return fmt.Sprint(r.learnersSection().Tables[0].Rows) }
	for _, word := range []string{"output layer", "modulator", "readout", "parameters of the rule"} {
		if strings.Contains(rows(), word) {
			t.Errorf("%s of learners that have none:\n%s", word, rows())
		}
	}
	r.Config.Learners[0].OutputRule, r.Config.Learners[0].Readout = "hebb", graph.DistanceReadout
	for _, want := range []string{"[rule of the output layer hebb: product of presynaptic and postsynaptic activity that of the other layers]", "[readout distance dot]"} {
		if !strings.Contains(rows(), want) {
			t.Errorf("no %q in\n%s", want, rows())
		}
	}
	pool, err := config.Parse("test", []byte("extends: sine-quick\nlearners: {flp: {rule: pool, rule_penalty: 0.01, rule_per: layer}}\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	l := pool.Learners[0].Learner
	if have := learned(l); have != "weights, feedback, plasticity, strength and rule" {
		t.Errorf("the outer loop learns %q", have)
	}
	r.Config.Learners[0].Learner = l
	if want := "[parameters of the rule: a set for each layer, with the penalty 0.01 Σ|θ| in the outer loss none]"; !strings.Contains(rows(), want) {
		t.Errorf("no %q in\n%s", want, rows())
	}
}

// TestOuterLossWords: what the loss of training episodes is, is said where it is not that of the query set.
func TestOuterLossWords(t *testing.T) {
	r := sineRun(t)
	if s := r.curvesSection().Figures[0].Caption; strings.Contains(s, "outer loss") {
		t.Error(s)
	}
	r.Config.Meta.OuterLoss = config.OuterLoss{Query: 1, Stream: 0.5}
	r.Config.Learners[0].RulePenalty = 0.01
	if s := r.curvesSection().Figures[0].Caption; !strings.Contains(s, "the outer loss: 1 × query set + 0.5 × answers during the stream. In that of flp is the penalty on coefficients of its rule, 0.01 Σ|θ|.") {
		t.Error(s)
	}
}

// TestDescends: a gradient learner whose output layer changes by another rule, or is read otherwise, is not
// called gradient descent.
func TestDescends(t *testing.T) {
	l, err := graph.Preset("oml")
	if err != nil || !descends(l) {
		t.Errorf("oml: %v, %v", descends(l), err)
	}
	l.Readout, l.OutputRule = graph.DotReadout, "hebb"
	if !descends(l) {
		t.Error("what it is by default, spelled out")
	}
	for _, change := range []func(*graph.Learner){
		func(l *graph.Learner) { l.OutputRule = "oja" }, func(l *graph.Learner) { l.Readout = graph.DistanceReadout }, func(l *graph.Learner) { l.Rule = "taylor" },
	} {
		other := l
		if change(&other); descends(other) {
			t.Errorf("rule %s, output rule %s, readout %s", other.Rule, other.OutputRule, other.Readout)
		}
	}
}
