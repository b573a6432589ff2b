package rules_test

import (
	"math"
	"testing"

	"metaplast/rules"
)

func TestClip(t *testing.T) {
	l := normalLife(4, 2, 3, 2)
	rule := rules.Clip{Of: rules.Hebb{}, Bound: 0.9}
	held := 0
	l.check(t, rule, func(i int, w matrix) matrix {
		free := w.add(hebb(l.post[i], l.pre[i]), l.alpha)
		return free.each(func(i, j int) float64 {
			if math.Abs(free[i][j]) > 0.9 {
				held++
			}
			return math.Max(-0.9, math.Min(0.9, free[i][j]))
		})
	})
	if held == 0 || held == 4*6 {
		t.Errorf("%d of 24 weights are held at a bound: want some", held)
	}
	l.slopes(t, rule)
	l.slopes(t, rules.Clip{Of: rules.Decay{Of: rules.Trace{Of: rules.Oja{}, Lambda: 0.5}, Lambda: 0.8}, Bound: 1.5})
}
