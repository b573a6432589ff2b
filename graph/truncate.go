package graph

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// truncate cuts the path of gradients through the fast weights of all inner steps so far, but for the one
// that leads straight to the initial weights:
//
//	W ← sg(W) + (W(0) − sg(W(0)))      sg stops the gradient
//
// The value is W, bit by bit but for −0, which becomes 0, since W(0) − W(0) is 0; the derivative by W(0) is 1, as that of
// W = W(0) + Σ Δ is where no Δ has one. So initial weights learn from what follows as if the steps before
// had added constants, and what acts through these steps alone gets nothing from them.
func (m *wired) truncate(b *op.Builder, f fast, t int) fast {
	cut := func(l int, role Role, w *G.Node) *G.Node {
		b.At(op.Label{Learner: m.name, Step: t, Layer: l, Array: string(role)})
		first := m.param(role, l)
		switch first {
		case w:
			return w // it has not changed yet
		case nil:
			return b.StopGradient(w) // a variable that starts at a constant
		}
		return b.Add(b.StopGradient(w), b.Sub(first, b.StopGradient(first)))
	}
	next := f.clone()
	for l, plastic := range m.plastic {
		if !plastic {
			continue
		}
		next.w[l] = cut(l, Weight, f.w[l])
		if m.learner.PlasticBias {
			next.b[l] = cut(l, Bias, f.b[l])
		}
		m.cutState(b, next, l, cut)
	}
	return next
}
