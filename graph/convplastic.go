package graph

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules"
)

// Plastic convolutions. A rule is applied at every position, to the patch that a unit sees
// and to that unit's activity, and averaged over the P = H'·W' positions:
//
//	Δ[o,q,u,v] = 1/P Σ_n Σ_ij rule(patch[n,ij,(q,u,v)], p[n,o,ij], W[o,(q,u,v)])
//
//	hebb  Δ = 1/P Σ_n Σ_ij p h
//	oja   Δ = 1/P (Σ_n Σ_ij p h − diag(Σ_n Σ_ij p²) W)
//
// Nothing but shapes is special to it: patches and positions are rows of the matrices that
// the rule sees, as further examples, W is [O,C·k·k] to it, and 1/P is part of κ. So every
// rule learns convolutions as it is.
//
// With the gradient signal it is the sum over positions instead, 1/P left out: feedback is
// then a share of the derivative of a loss that is a mean already, and by hebb and backprop
// Σ_n Σ_ij p h is −∂L/∂W itself.

// synapses is what the rule sees of layer l: h below it, post and feedback of its units, and
// its weights.
func (m *wired) synapses(b *op.Builder, l int, h, post, feedback, w *G.Node) rules.Synapses {
	if b.Err() != nil {
		return rules.Synapses{}
	}
	layer := m.network.Layers[l]
	if layer.Kind != ConvLayer {
		return rules.Synapses{Pre: b.Flatten(h), Post: post, Feedback: feedback, W: w}
	}
	s := rules.Synapses{
		Pre:  b.Patches(h, layer.Kernel, layer.Stride, layer.Pad),
		Post: b.Positions(post),
		W:    b.Reshape(w, m.matrix(l)...),
	}
	switch feedback {
	case nil:
	case post:
		s.Feedback = s.Post
	default:
		s.Feedback = b.Positions(feedback)
	}
	return s
}

// matrix is the shape of the weights of layer l for its rule.
func (m *learnerModel) matrix(l int) []int {
	w := m.geometry.weights[l]
	return []int{w[0], size(w[1:])}
}

// positions is how many positions a rule's change is averaged over.
func (m *learnerModel) positions(l int) int {
	if m.network.Layers[l].Kind != ConvLayer || m.learner.Signal == rules.Gradient {
		return 1
	}
	return size(m.geometry.results[l][1:])
}

// perPosition checks what a pathway sends to layer l, with activity h, and gives feedback per
// channel to every position.
func (m *wired) perPosition(b *op.Builder, l int, f, h *G.Node) *G.Node {
	if b.Err() != nil || f == nil || sameShape(f.Shape(), h.Shape()) {
		return f
	}
	s := h.Shape()
	if len(s) == 4 && sameShape(f.Shape(), s[:2]) {
		return b.EveryPosition(f, h)
	}
	want := fmt.Sprint([]int(s))
	if len(s) == 4 {
		want += fmt.Sprintf(" or %v, one number per channel", []int(s[:2]))
	}
	return b.Fail(fmt.Errorf("pathway %s: feedback of shape %v for layer %d: want %s", m.learner.Pathway, []int(f.Shape()), l, want))
}
