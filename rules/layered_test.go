package rules_test

import (
	"slices"
	"testing"

	"metaplast/graph/op"
	"metaplast/rules"
)

func TestLayered(t *testing.T) {
	p := rules.Layered{}
	down := func(k *stack, f matrix, l int) matrix { return f.times(k.B[l]).plus(k.c[l]) }

	k := newStack(t, p, nil)
	f1 := down(k, k.s, 2)
	k.compare(p, down(k, f1, 1), f1, k.s)

	k = newStack(t, p, func(d *rules.TopDown) { d.Activation = op.Relu })
	f1 = down(k, k.s, 2).relu()
	k.compare(p, down(k, f1, 1).relu(), f1, k.s)

	k = newStack(t, p, func(d *rules.TopDown) { d.Gated, d.Activation = true, op.Relu })
	f1 = down(k, k.s, 2).relu().where(k.h[1])
	k.compare(p, down(k, f1, 1).relu().where(k.h[0]), f1, k.s)

	// Clamped or not, the signal itself is where the path begins.
	k = newStack(t, p, func(d *rules.TopDown) { d.Clamped = true })
	f1 = down(k, k.s, 2)
	k.compare(p, down(k, f1, 1), f1, k.s)
}

// TestLayeredIsBackprop checks what the documentation says: with B = W, no bias, gated and
// linear, the two pathways are one.
func TestLayeredIsBackprop(t *testing.T) {
	k := newStack(t, rules.Layered{}, func(d *rules.TopDown) { d.Gated = true })
	for l := 1; l < 3; l++ {
		k.B[l], k.c[l] = k.w[l], make([]float64, sizes[l])
		k.top.Layers[l].B = k.top.Layers[l].W
		k.top.Layers[l].C = k.vector("no bias "+string(rune('0'+l)), k.c[l])
	}
	same := rules.Backprop{}.Feedback(k.b, k.top)
	f := rules.Layered{}.Feedback(k.b, k.top)
	k.run(append(f, same...)...)
	for l := range f {
		a, b := f[l].Value().Data().([]float64), same[l].Value().Data().([]float64)
		if !slices.Equal(a, b) {
			t.Errorf("layer %d: %v, by backprop %v", l, a, b)
		}
	}
}

func TestLayeredWeights(t *testing.T) {
	// Layers in between need weights to pass the signal on, plastic or not.
	dims := []rules.Dims{{In: 3, Out: 4, Plastic: true}, {In: 4, Out: 5}, {In: 5, Out: 2, Plastic: true}}
	for l, want := range [][]int{nil, {5, 4}, {2, 5}} {
		w := rules.Layered{}.Weights(dims, l, true)
		if !slices.Equal(w.B, want) || want != nil && (!slices.Equal(w.C, want[1:]) || w.FanIn != want[0]) {
			t.Errorf("layer %d: %+v: want B %v", l, w, want)
		}
	}
}
