package rules_test

import (
	"testing"

	"metaplast/graph/op"
	"metaplast/rules"
)

func TestNone(t *testing.T) {
	p := rules.None{}
	k := newStack(t, p, func(d *rules.TopDown) { d.Activation, d.Gated = op.Relu, true })
	k.compare(p, nil, nil, nil)
	if w := p.Weights([]rules.Dims{{In: 3, Out: 4, Plastic: true}}, 0, false); w.B != nil || w.C != nil {
		t.Errorf("%+v: want no weights", w)
	}
}
