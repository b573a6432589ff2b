package rules_test

import (
	"testing"

	"metaplast/rules"
)

func TestBCM(t *testing.T) {
	const n = 3
	for _, tau := range [][]float64{{0.25}, {0.1, 0.8}} {
		l := normalLife(4, n, 3, 2)
		l.params["tau"] = tau
		theta := []float64{0.4, 0.4}
		rule := rules.BCM{Tau: 0.1, Theta: 0.4}
		g := l.check(t, rule, func(i int, w matrix) matrix {
			p := l.post[i]
			next := w.add(hebb(p.each(func(n, k int) float64 { return p[n][k] * (p[n][k] - theta[k]) }), l.pre[i]), l.alpha)
			for k := range theta {
				squares := 0.0
				for _, row := range p {
					squares += row[k] * row[k]
				}
				theta[k] += tau[k%len(tau)] * (squares/n - theta[k])
			}
			return next
		})
		for k, x := range g.state[3]["theta"].Value().Data().([]float64) {
			if d := x - theta[k]; d > exact || d < -exact {
				t.Errorf("threshold %d: %v: want %v", k, x, theta[k])
			}
		}
		l.slopes(t, rule)
		l.slopes(t, rules.Modulated{Of: rule, Gain: 1})
	}
}
