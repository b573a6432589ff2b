package rules_test

import (
	"testing"

	"metaplast/rules"
	"metaplast/rules/rulestest"
)

func TestOja(t *testing.T) {
	b := newBench(t)
	p, h, w := normal("p", 5, 2), normal("h", 5, 3), normal("W", 2, 3)
	delta := rules.Oja{}.Delta(b.b, rules.Synapses{Pre: b.matrix("h", h), Post: b.matrix("p", p), W: b.matrix("W", w)})
	b.run(delta)
	hebb := p.transposed().times(h)
	b.equal("Δ", delta, w.each(func(i, j int) float64 {
		decay := 0.0
		for n := range p {
			decay += p[n][i] * p[n][i]
		}
		return hebb[i][j] - decay*w[i][j]
	}))
}

// TestOjaFixedPoint checks the property that Oja 1982 is about: for one linear neuron that
// is driven by p = h w, a unit vector along which the inputs lie does not change.
func TestOjaFixedPoint(t *testing.T) {
	b := newBench(t)
	w := matrix{{0.6, 0.8}}
	h := matrix{{3, 4}, {-1.5, -2}, {0.3, 0.4}}
	delta := rules.Oja{}.Delta(b.b, rules.Synapses{Pre: b.matrix("h", h), Post: b.matrix("p", h.times(w.transposed())), W: b.matrix("w", w)})
	b.run(delta)
	b.equal("Δ", delta, zeros(1, 2))
}

func TestOjaCheck(t *testing.T) { rulestest.Check(t, rules.Oja{}, rulestest.Options{}) }
