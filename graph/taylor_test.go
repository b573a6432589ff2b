package graph_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/graph"
	"metaplast/rules"
)

// polynomial is a learner with the rule taylor in the place of its own, with all its terms or with those
// of the coefficients alone.
func polynomial(l graph.NamedLearner, theta map[string]float64, all bool) graph.NamedLearner {
	rule := rules.DefaultTaylor()
	rule.Theta = theta
	if !all {
		for t := range theta {
			rule.Terms = append(rule.Terms, t)
		}
	}
	l.Name = "taylor"
	l.Learner.Rule, l.Learner.RuleValue = rules.TaylorName, rule
	return l
}

// TestTaylorSpecialPoints: Hebb, Oja and gradient descent are points of the polynomial. Over whole
// episodes loss, final weights and the gradients of all other meta-parameters are those of the rule
// itself.
func TestTaylorSpecialPoints(t *testing.T) {
	oja, hebb := map[string]float64{"110": 1, "021": -1}, map[string]float64{"110": 1}
	for _, c := range []struct {
		preset, rule string
		theta        map[string]float64
	}{
		{"flp", rules.OjaName, oja}, {"flp", rules.HebbName, hebb}, {"dfa", rules.HebbName, hebb}, {"output-only", rules.OjaName, oja},
		{"oml", rules.HebbName, hebb}, {"meta-sgd", rules.HebbName, hebb}, {"oml-first-order", rules.HebbName, hebb},
	} {
		for _, per := range graph.Granularities() {
			for _, all := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s by %s, α per %s, all %v", c.preset, c.rule, per, all), func(t *testing.T) {
					cfg := small(t, tensor.Float64, c.preset)
					l := &cfg.Learners[0].Learner
					l.Rule, l.Plasticity, l.PlasticBias = c.rule, per, true
					if l.InnerLR == 0 {
						l.InnerLR = 0.01
					}
					cfg.Learners = append(cfg.Learners, polynomial(cfg.Learners[0], c.theta, all))
					cfg.Learners[1].Learner.FixedRule = l.FirstOrder // of first order θ has no gradient
					u := unroll(t, cfg)
					e := newEpisode(cfg, "special points")
					if err := u.Bind(e.xs, e.ys, e.xq, e.yq); err != nil {
						t.Fatal(err)
					}
					th := theta(u.Layout(0))
					if err := u.SetParams(0, th); err != nil {
						t.Fatal(err)
					}
					with := u.Layout(1).Init(1)
					for _, p := range u.Layout(0) {
						same, ok := u.Layout(1).Find(p.Name)
						if !ok {
							t.Fatalf("taylor has no %s", p.Name)
						}
						copy(same.Of(with), p.Of(th))
					}
					if err := u.SetParams(1, with); err != nil {
						t.Fatal(err)
					}
					if err := u.Run(); err != nil {
						t.Fatal(err)
					}
					near(t, "loss", []float64{u.Loss(1)}, []float64{u.Loss(0)})
					weights := u.FinalWeights(0)
					for i, w := range u.FinalWeights(1) {
						near(t, w.Name, w.Data, weights[i].Data)
					}
					want, have := make([]float64, len(th)), make([]float64, len(with))
					u.Gradient(0, want)
					u.Gradient(1, have)
					for _, p := range u.Layout(0) {
						same, _ := u.Layout(1).Find(p.Name)
						near(t, "gradient of "+p.Name, same.Of(have), p.Of(want))
					}
					some := 0.0
					for _, p := range u.Layout(1) {
						if strings.Contains(p.Name, "theta_") {
							some = max(some, math.Abs(p.Of(have)[0]))
						}
					}
					if (some > 0) == l.FirstOrder {
						t.Errorf("the largest gradient of a coefficient is %v", some)
					}
				})
			}
		}
	}
}

// near asks for the same numbers to 1e-12 of the largest: sums differ in their order.
func near(t *testing.T, what string, have, want []float64) {
	t.Helper()
	scale := 0.0
	for _, v := range want {
		scale = max(scale, math.Abs(v))
	}
	for i := range want {
		if d := math.Abs(have[i] - want[i]); !(d <= 1e-12*scale) {
			t.Errorf("%s[%d]: %.17g, want %.17g: off by %.2g", what, i, have[i], want[i], d/scale)
			return
		}
	}
}
