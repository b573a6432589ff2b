package rules_test

import (
	"math"
	"testing"

	"metaplast/rules"
)

func length(row []float64) float64 {
	s := 0.0
	for _, x := range row {
		s += x * x
	}
	return math.Sqrt(s)
}

func TestNormalise(t *testing.T) {
	for _, norm := range rules.Norms() {
		l := normalLife(4, 2, 3, 2)
		rule := rules.Normalise{Of: rules.Hebb{}, Norm: norm}
		l.check(t, rule, func(i int, w matrix) matrix {
			free := w.add(hebb(l.post[i], l.pre[i]), l.alpha)
			return free.each(func(i, j int) float64 {
				want := 1.0
				if norm == rules.InitialNorm {
					want = length(l.w[i])
				}
				return free[i][j] * want / length(free[i])
			})
		})
		l.slopes(t, rule)
		l.slopes(t, rules.Normalise{Of: rules.Clip{Of: rules.Oja{}, Bound: 1}, Norm: norm})
	}
}

// TestNormaliseZeros: a row of zeros stays one, initially or by a change, and has finite derivatives.
func TestNormaliseZeros(t *testing.T) {
	for _, norm := range rules.Norms() {
		l := normalLife(1, 1, 3, 2)
		l.w[1] = []float64{0, 0, 0}
		l.post[0][0][1] = 0
		g := l.live(t, rules.Normalise{Of: rules.Hebb{}, Norm: norm})
		for _, x := range g.w[0].Value().Data().([]float64)[3:] {
			if x != 0 {
				t.Errorf("%s: %v of a row of zeros: want 0", norm, x)
			}
		}
		d := l.gradient(t, rules.Normalise{Of: rules.Hebb{}, Norm: norm})
		for i, name := range d.names {
			for j, x := range d.exact[i] {
				if math.IsNaN(x) || math.IsInf(x, 0) {
					t.Errorf("%s: derivative by %s[%d]: %v", norm, name, j, x)
				}
			}
		}
	}
}

// TestNormaliseColumn: a single synapse is not reduced to its sign.
func TestNormaliseColumn(t *testing.T) {
	l := normalLife(3, 2, 1, 3)
	l.check(t, rules.Normalise{Of: rules.Hebb{}, Norm: rules.UnitNorm}, func(i int, w matrix) matrix {
		return w.add(hebb(l.post[i], l.pre[i]), l.alpha)
	})
}
