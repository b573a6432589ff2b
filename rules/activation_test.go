package rules_test

import (
	"math"
	"testing"

	"metaplast/graph/op"
	"metaplast/rules"
)

// smooth are activations and their slopes as formulas of the activity h.
var smooth = []struct {
	name  op.Activation
	phi   func(z float64) float64
	slope func(h float64) float64
}{
	{"tanh", math.Tanh, func(h float64) float64 { return 1 - h*h }},
	{"sigmoid", func(z float64) float64 { return 1 / (1 + math.Exp(-z)) }, func(h float64) float64 { return h - h*h }},
	{"softplus(4)", func(z float64) float64 { return math.Log(1+math.Exp(4*z)) / 4 }, func(h float64) float64 { return 1 - math.Exp(-4*h) }},
	{"leaky_relu(0.2)", func(z float64) float64 { return math.Max(z, 0.2*z) }, func(h float64) float64 {
		if h > 0 {
			return 1
		}
		return 0.2
	}},
	{"linear", func(z float64) float64 { return z }, func(float64) float64 { return 1 }},
}

func (m matrix) of(f func(float64) float64) matrix {
	return m.each(func(i, j int) float64 { return f(m[i][j]) })
}

// gatedBy is the elementwise product with slopes read from activities.
func (m matrix) gatedBy(h matrix, slope func(float64) float64) matrix {
	return m.each(func(i, j int) float64 { return m[i][j] * slope(h[i][j]) })
}

// TestGatesOfActivations compares what every pathway sends with formulas, for every activation of
// the layers, and of feedback.
func TestGatesOfActivations(t *testing.T) {
	for _, a := range smooth {
		phi := func(m matrix) matrix { return m.of(a.phi) }
		gated := func(d *rules.TopDown) { d.Gated, d.Activation = true, a.name }
		slope := a.slope

		k := newStackOf(t, rules.Direct{}, a.name, phi, gated)
		plain := func(l int) matrix { return k.s.times(k.B[l].transposed()).plus(k.c[l]).of(a.phi) }
		k.compare(rules.Direct{}, plain(0).gatedBy(k.h[0], slope), plain(1).gatedBy(k.h[1], slope), plain(2))

		k = newStackOf(t, rules.Layered{}, a.name, phi, gated)
		f1 := k.s.times(k.B[2]).plus(k.c[2]).of(a.phi).gatedBy(k.h[1], slope)
		k.compare(rules.Layered{}, f1.times(k.B[1]).plus(k.c[1]).of(a.phi).gatedBy(k.h[0], slope), f1, k.s)

		k = newStackOf(t, rules.Backprop{}, a.name, phi, gated)
		f1 = k.s.times(k.w[2]).gatedBy(k.h[1], slope)
		k.compare(rules.Backprop{}, f1.times(k.w[1]).gatedBy(k.h[0], slope), f1, k.s)

		if have := k.top.Slope(1); (have == nil) != (a.name == op.Linear) {
			t.Errorf("%s: φ′ is read from %v", a.name, have)
		}
	}
}
