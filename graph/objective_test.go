package graph_test

import (
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/graph"
	"metaplast/graph/internal/graphtest"
	"metaplast/rules"
)

// TestPenalty: the outer loss has λ Σ|θ| of the coefficients that are sparse and learned, once for each set of
// them, and nothing of other parameters, nor of coefficients that keep their values.
func TestPenalty(t *testing.T) {
	const lambda = 0.3
	rule := rules.DefaultTaylor()
	rule.Terms, rule.Theta = []string{"110", "021", "001"}, map[string]float64{"110": 1, "021": -0.5}
	loss := func(set func(l *graph.Learner)) float64 {
		cfg := small(t, tensor.Float64, "flp")
		l := &cfg.Learners[0].Learner
		l.InnerLR = 0.01
		l.UseRule(rules.Trace{Of: rule, Lambda: 0.9})
		set(l)
		u := unroll(t, cfg)
		run(t, u, newEpisode(cfg, "penalty"))
		return u.Loss(0)
	}
	layers := 0.0
	cfg := small(t, tensor.Float64, "flp")
	for _, l := range cfg.Network.Layers {
		if l.Plastic {
			layers++
		}
	}
	for name, c := range map[string]struct {
		set  func(l *graph.Learner)
		want float64 // Σ|θ|
	}{
		"network":    {func(*graph.Learner) {}, 1.5},
		"each layer": {func(l *graph.Learner) { l.RulePer = graph.PerLayer }, 1.5 * layers},
		"fixed":      {func(l *graph.Learner) { l.FixedRule = true }, 0},
		"output":     {func(l *graph.Learner) { l.UseOutputRule(rules.Hebb{}) }, 1.5},
		"and output": {func(l *graph.Learner) { l.UseOutputRule(rule) }, 3},
	} {
		plain := loss(c.set)
		penalised := loss(func(l *graph.Learner) { c.set(l); l.RulePenalty = lambda })
		graphtest.CloseTo(t, name, []float64{penalised - plain}, []float64{lambda * c.want}, 1e-12)
	}
	cfg.Learners[0].Learner.RulePenalty = lambda
	if _, err := graph.New(cfg); err == nil || !strings.Contains(err.Error(), "rule_penalty: 0.3, want 0: there is no coefficient to draw to 0 in rule oja") {
		t.Errorf("a penalty on the coefficients of oja: %v: want it refused", err)
	}
}

// TestFirstOrderLearns: what has no gradient in first order is refused, and what nobody wants to learn is not.
func TestFirstOrderLearns(t *testing.T) {
	for name, c := range map[string]struct {
		rule rules.Rule
		set  func(l *graph.Learner)
		want string // "" where it is fine
	}{
		"a parameter":               {rules.Trace{Of: rules.Oja{}, Lambda: 0.9}, nil, "the parameters of rule trace have none"},
		"one that is fixed":         {rules.Trace{Of: rules.Oja{}, Lambda: 0.9, Fixed: true}, nil, ""},
		"all fixed by the learner":  {rules.Trace{Of: rules.Oja{}, Lambda: 0.9}, func(l *graph.Learner) { l.FixedRule = true }, ""},
		"a modulator":               {rules.Modulated{Of: rules.Oja{}, Gain: 1, Fixed: true}, func(l *graph.Learner) { l.Modulator = rules.ReadoutName }, "the parameters of modulator readout have none"},
		"a modulator without":       {rules.Modulated{Of: rules.Oja{}, Gain: 1, Fixed: true}, func(l *graph.Learner) { l.Modulator = rules.LossName }, ""},
		"an initial value":          {rules.BCM{Tau: 0.1, Fixed: true, Learn: true}, nil, "the parameters of rule bcm have none"},
		"an initial value as it is": {rules.BCM{Tau: 0.1, Fixed: true}, nil, ""},
	} {
		cfg := small(t, tensor.Float64, "flp")
		l := &cfg.Learners[0].Learner
		l.FirstOrder = true
		l.UseRule(c.rule)
		if c.set != nil {
			c.set(l)
		}
		_, err := graph.New(cfg)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), "first_order") || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v: want %q", name, err, c.want)
		}
	}
}
