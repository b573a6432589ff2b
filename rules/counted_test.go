package rules_test

import (
	"testing"

	"metaplast/rules"
)

func TestCounted(t *testing.T) {
	for _, rho := range [][]float64{{0.7}, {0.2, 1.4}} {
		l := normalLife(4, 2, 3, 2)
		l.params["counted_rho"] = rho
		n := []float64{0, 0}
		rule := rules.Counted{Of: rules.Hebb{}, Rho: 1}
		l.check(t, rule, func(i int, w matrix) matrix {
			delta := hebb(l.post[i], l.pre[i])
			next := w.each(func(i, j int) float64 {
				return w[i][j] + l.alpha*delta[i][j]/(1+rho[i%len(rho)]*n[i])
			})
			for _, p := range l.post[i] {
				for k := range n {
					n[k] += p[k] * p[k]
				}
			}
			return next
		})
		l.slopes(t, rule)
		l.slopes(t, rules.Modulated{Of: rule, Gain: 1})
	}
}

// TestCountedMeans: with instar, one example per step, posts that are 1 for a class and 0 for others, α = 1
// and ρ = 1, rows of W are the means of what was seen of their classes; of the initial weights nothing is
// left. Winners are counted, not what they were chosen by.
func TestCountedMeans(t *testing.T) {
	const steps, classes = 12, 3
	for _, competition := range []string{rules.NoCompetition, rules.WinnerCompetition} {
		l := normalLife(steps, 1, 4, classes)
		l.alpha = 1
		sum, seen := zeros(classes, 4), make([]float64, classes)
		of := func(t int) int { return t * t % classes } // class 2 is not taught
		for t := range steps {
			for k := range classes {
				l.post[t][0][k] = 0
				if k == of(t) {
					l.post[t][0][k] = 1
					if competition == rules.WinnerCompetition {
						l.post[t][0][k] = 0.3
					}
				}
			}
		}
		g := l.check(t, rules.Counted{Of: rules.Instar{Competition: competition}, Rho: 1}, func(t int, w matrix) matrix {
			k := of(t)
			seen[k]++
			for j, x := range l.pre[t][0] {
				sum[k][j] += x
			}
			return w.each(func(i, j int) float64 {
				if seen[i] == 0 {
					return l.w[i][j]
				}
				return sum[i][j] / seen[i]
			})
		})
		for k, n := range g.state[steps-1]["counted_n"].Value().Data().([]float64) {
			if n != seen[k] {
				t.Errorf("class %d is counted %v times: want %v", k, n, seen[k])
			}
		}
	}
}
