package graph_test

import (
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/graph"
	"metaplast/rules"
)

// TestFixedParams: what a rule or modulator says is fixed is no meta-parameter that the outer loop changes, nor is
// anything of a learner with fixed_rule; the rest is.
func TestFixedParams(t *testing.T) {
	for name, c := range map[string]struct {
		rule    rules.Rule
		factor  rules.Modulator
		fixed   bool
		learned string // names of what is
	}{
		"all learned": {rules.Trace{Of: rules.BCM{Tau: 0.1, Learn: true}, Lambda: 0.9, Modulated: true}, rules.ConstantFactor{Start: 1}, false,
			"rule.tau rule.trace_lambda modulator.value state.theta.0 state.theta.1 state.theta.2"},
		"λ and v fixed": {rules.Trace{Of: rules.BCM{Tau: 0.1}, Lambda: 0.9, Fixed: true, Modulated: true}, rules.ConstantFactor{Start: 1, Fixed: true}, false, "rule.tau"},
		"τ fixed":       {rules.Trace{Of: rules.BCM{Tau: 0.1, Fixed: true}, Lambda: 0.9}, nil, false, "rule.trace_lambda"},
		"fixed_rule":    {rules.Trace{Of: rules.BCM{Tau: 0.1, Learn: true}, Lambda: 0.9, Modulated: true}, rules.ReadoutFactor{}, true, ""},
	} {
		cfg := small(t, tensor.Float64, "flp")
		l := &cfg.Learners[0].Learner
		l.UseRule(c.rule)
		if c.factor != nil {
			l.UseModulator(c.factor)
		}
		l.FixedRule, l.PlasticBias = c.fixed, false
		layout := unroll(t, cfg).Layout(0)
		var learned []string
		for _, p := range layout {
			if p.Group == graph.RuleOwn && p.Learned {
				learned = append(learned, p.Name)
			}
		}
		if have := strings.Join(learned, " "); have != c.learned {
			t.Errorf("%s: %q are learned: want %q", name, have, c.learned)
		}
		if have := l.LearnsRule(); have != (c.learned != "") {
			t.Errorf("%s: LearnsRule is %v", name, have)
		}
	}
}

// TestOutputRuleParams: a rule that is also the output layer's has parameters for it alone, of the same names.
func TestOutputRuleParams(t *testing.T) {
	rule := rules.DefaultTaylor()
	rule.Terms, rule.Theta = []string{"110"}, map[string]float64{"110": 1}
	for _, per := range graph.RuleSets() {
		cfg := small(t, tensor.Float64, "flp")
		cfg.Steps = 1
		l := &cfg.Learners[0].Learner
		l.UseRule(rule)
		l.UseOutputRule(rule)
		l.RulePer, l.Plasticity, l.InnerLR = per, graph.PerNone, 0.1
		u, e := unroll(t, cfg), newEpisode(cfg, "output rule")
		layout := u.Layout(0)
		final := func(change string) []graph.Array {
			th := theta(layout)
			for _, p := range layout {
				if change != "" && strings.HasPrefix(p.Name, change+".theta_110") {
					for i := range p.Of(th) {
						p.Of(th)[i] = 2
					}
				}
			}
			if err := u.SetParams(0, th); err != nil {
				t.Fatal(err)
			}
			if err := u.Bind(e.xs, e.ys, e.xq, e.yq); err != nil {
				t.Fatal(err)
			}
			if err := u.Run(); err != nil {
				t.Fatal(err)
			}
			var copies []graph.Array
			for _, a := range u.FinalWeights(0) {
				copies = append(copies, graph.Array{Name: a.Name, Data: slices.Clone(a.Data)})
			}
			return copies
		}
		plain := final("")
		for _, change := range []string{"rule", "output_rule"} {
			for i, a := range final(change) {
				top := i == len(plain)-1
				if changes := !slices.Equal(a.Data, plain[i].Data); changes != (top == (change == "output_rule")) {
					t.Errorf("%s, %s.theta_110: %s changes: %v", per, change, a.Name, changes)
				}
			}
		}
	}
}

// TestRuleInit: parameters of a rule begin at their initial value, or around it with the spread that is declared.
func TestRuleInit(t *testing.T) {
	rule := rules.MLP{Hidden: 64, Spread: 0.5, Output: 0.01}
	taylor := rules.DefaultTaylor()
	taylor.Theta, taylor.Spread = map[string]float64{"110": 3, "021": -2}, 0.01
	cfg := small(t, tensor.Float64, "flp")
	l := &cfg.Learners[0].Learner
	l.UseRule(taylor)
	l.UseOutputRule(rule)
	l.RulePer = graph.PerLayer
	layout := unroll(t, cfg).Layout(0)
	th := layout.Init(3)
	for name, c := range map[string]struct{ mean, spread float64 }{
		"rule.theta_110.0": {3, 0.01}, "rule.theta_021.1": {-2, 0.01}, "rule.theta_000.1": {0, 0.01},
		"output_rule.hidden_weights": {0, 0.5}, "output_rule.hidden_biases": {0, 0}, "output_rule.output_weights": {0, 0.01},
	} {
		p, ok := layout.Find(name)
		if !ok {
			t.Errorf("no %s", name)
			continue
		}
		for _, x := range p.Of(th) {
			if d := x - c.mean; d > 5*c.spread || d < -5*c.spread || c.spread > 0 && d == 0 {
				t.Errorf("%s starts at %v: want %v ± %v", name, x, c.mean, c.spread)
			}
		}
	}
}
