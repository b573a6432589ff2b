package rules_test

import (
	"slices"
	"testing"

	"metaplast/graph/op"
	"metaplast/rules"
)

func TestDirect(t *testing.T) {
	p := rules.Direct{}
	plain := func(k *stack, l int) matrix { return k.s.times(k.B[l].transposed()).plus(k.c[l]) }

	k := newStack(t, p, nil)
	k.compare(p, plain(k, 0), plain(k, 1), plain(k, 2))

	k = newStack(t, p, func(d *rules.TopDown) { d.Activation = op.Relu })
	k.compare(p, plain(k, 0).relu(), plain(k, 1).relu(), plain(k, 2).relu())

	// The last layer is linear, so that its φ′ is 1.
	k = newStack(t, p, func(d *rules.TopDown) { d.Gated = true })
	k.compare(p, plain(k, 0).where(k.h[0]), plain(k, 1).where(k.h[1]), plain(k, 2))

	k = newStack(t, p, func(d *rules.TopDown) { d.Clamped = true })
	k.compare(p, plain(k, 0), plain(k, 1), nil)
}

func TestDirectWeights(t *testing.T) {
	dims := []rules.Dims{{In: 3, Out: 4, Plastic: true}, {In: 4, Out: 5}, {In: 5, Out: 2, Plastic: true}}
	for _, c := range []struct {
		l       int
		clamped bool
		b, c    []int
	}{
		{0, false, []int{4, 2}, []int{4}},
		{1, false, nil, nil}, // not plastic
		{2, false, []int{2, 2}, []int{2}},
		{2, true, nil, nil},
	} {
		w := rules.Direct{}.Weights(dims, c.l, c.clamped)
		if !slices.Equal(w.B, c.b) || !slices.Equal(w.C, c.c) || c.b != nil && w.FanIn != 2 {
			t.Errorf("layer %d, clamped %v: %+v: want B %v, c %v, fan-in 2", c.l, c.clamped, w, c.b, c.c)
		}
	}
}
