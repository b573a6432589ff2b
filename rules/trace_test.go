package rules_test

import (
	"testing"

	"metaplast/rules"
)

func TestTrace(t *testing.T) {
	for _, n := range []int{1, 3} {
		for _, set := range []rules.Trace{{Lambda: 0.7}, {Lambda: 0.7, Average: true}, {Lambda: 0.6, Modulated: true}, {Lambda: 0.9, Average: true, Modulated: true}} {
			set.Of = rules.Oja{}
			l := normalLife(4, n, 3, 2)
			e := zeros(2, 3)
			l.check(t, set, func(i int, w matrix) matrix {
				p, h := l.post[i], l.pre[i]
				delta := hebb(p, h)
				delta = delta.each(func(i, j int) float64 {
					decay := 0.0
					for n := range p {
						decay += p[n][i] * p[n][i]
					}
					return delta[i][j] - decay*w[i][j]
				})
				share, factor := 1.0, 1.0
				if set.Average {
					share = 1 - set.Lambda
				}
				if set.Modulated {
					factor = mean(l.m[i])
				}
				e = e.each(func(i, j int) float64 { return set.Lambda*e[i][j] + share*delta[i][j] })
				return w.add(e, l.alpha*factor)
			})
			l.slopes(t, set)
			l.params = map[string][]float64{"trace_lambda": {0.4, -0.3}}
			l.slopes(t, set)
		}
	}
}

// TestTracePerNeuron: λ may be one for each neuron.
func TestTracePerNeuron(t *testing.T) {
	l := normalLife(3, 2, 3, 2)
	lambda := []float64{0.5, -0.2}
	l.params["trace_lambda"] = lambda
	e := zeros(2, 3)
	l.check(t, rules.Trace{Of: rules.Hebb{}}, func(i int, w matrix) matrix {
		e = e.scaled(lambda).add(hebb(l.post[i], l.pre[i]), 1)
		return w.add(e, l.alpha)
	})
}
