package rules_test

import (
	"testing"

	"metaplast/rules"
)

func TestDecay(t *testing.T) {
	for _, of := range []rules.Rule{rules.Hebb{}, rules.Trace{Of: rules.Hebb{}, Lambda: 0}} {
		for _, lambda := range [][]float64{{0.8}, {0.3, 1.1}, {1}} {
			l := normalLife(4, 2, 3, 2)
			l.params["decay_lambda"] = lambda
			rule := rules.Decay{Of: of, Lambda: 0.9}
			l.check(t, rule, func(i int, w matrix) matrix {
				delta := hebb(l.post[i], l.pre[i])
				return w.each(func(i, j int) float64 {
					return l.w[i][j] + lambda[i%len(lambda)]*(w[i][j]-l.w[i][j]) + l.alpha*delta[i][j]
				})
			})
			l.slopes(t, rule)
		}
	}
}

// TestDecayOfNothing: with λ = 1 the bits are those of the rule inside.
func TestDecayOfNothing(t *testing.T) {
	l := normalLife(4, 2, 5, 3)
	l.params["decay_lambda"] = []float64{1}
	decayed, plain := l.live(t, rules.Decay{Of: rules.Oja{}}), l.live(t, rules.Oja{})
	for i := range plain.w {
		want, have := plain.w[i].Value().Data().([]float64), decayed.w[i].Value().Data().([]float64)
		for j := range want {
			if have[j] != want[j] {
				t.Errorf("step %d, element %d: %v: want %v", i, j, have[j], want[j])
			}
		}
	}
}
