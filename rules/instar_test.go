package rules_test

import (
	"math"
	"testing"

	"metaplast/rules"
)

func TestInstar(t *testing.T) {
	for _, competition := range rules.Competitions() {
		l := normalLife(3, 4, 3, 2)
		rule := rules.Instar{Competition: competition}
		l.check(t, rule, func(t int, w matrix) matrix {
			next := w.add(w, 0)
			for n, p := range l.post[t] {
				q := append([]float64(nil), p...)
				switch competition {
				case rules.SoftmaxCompetition:
					sum := math.Exp(p[0]) + math.Exp(p[1])
					q = []float64{math.Exp(p[0]) / sum, math.Exp(p[1]) / sum}
				case rules.WinnerCompetition:
					q = []float64{0, 1}
					if p[0] >= p[1] {
						q = []float64{1, 0}
					}
				}
				for i := range next {
					for j := range next[i] {
						next[i][j] += l.alpha * q[i] * (l.pre[t][n][j] - w[i][j])
					}
				}
			}
			return next
		})
		l.slopes(t, rule)
		if local := rules.Locality(rule) == ""; local != (competition == rules.NoCompetition) {
			t.Errorf("%s: %q: want only competition none to be local", competition, rules.Locality(rule))
		}
	}
}
