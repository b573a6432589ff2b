package rules_test

import (
	"testing"

	"metaplast/rules"
	"metaplast/rules/rulestest"
)

func TestHebb(t *testing.T) {
	w := newBench(t)
	p, h := normal("p", 5, 2), normal("h", 5, 3)
	delta := rules.Hebb{}.Delta(w.b, rules.Synapses{Pre: w.matrix("h", h), Post: w.matrix("p", p), W: w.matrix("W", normal("W", 2, 3))})
	w.run(delta)
	w.equal("Δ", delta, p.transposed().times(h))
}

func TestHebbCheck(t *testing.T) { rulestest.Check(t, rules.Hebb{}, rulestest.Options{}) }
