package rules_test

import (
	"testing"

	"metaplast/graph/op"
	"metaplast/rules"
)

func TestBackprop(t *testing.T) {
	p := rules.Backprop{}
	for _, set := range []func(*rules.TopDown){
		nil,
		func(d *rules.TopDown) { d.Activation, d.Gated, d.Clamped = op.Relu, true, true }, // all ignored
	} {
		k := newStack(t, p, set)
		f1 := k.s.times(k.w[2]).where(k.h[1])
		k.compare(p, f1.times(k.w[1]).where(k.h[0]), f1, k.s)
	}
	for l := range 3 {
		if w := p.Weights([]rules.Dims{{In: 3, Out: 4}, {In: 4, Out: 2}, {In: 2, Out: 3}}, l, false); w.B != nil || w.C != nil {
			t.Errorf("layer %d: %+v: want no weights of its own", l, w)
		}
	}
}
