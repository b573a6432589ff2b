package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// Hebb strengthens a synapse by the product of the activities at its two ends.
//
//	Δ = pᵀ h   [out,in]
//
//	h  [N,in]   presynaptic activity
//	p  [N,out]  postsynaptic activity after feedback
//
// There is no decay: with positive α the weights of active units grow without bound. Driven
// by the backprop pathway with signal gradient and β = 1 it is gradient descent.
// Cost: 2·N·in·out FLOPs.
//
// Source: Hebb, The Organization of Behavior (1949), in the form of Lindsey & Litwin-Kumar,
// NeurIPS 2020.
type Hebb struct{}

var (
	_ Stepper  = Hebb{}
	_ Weighted = Hebb{}
)

// Info describes the rule.
func (Hebb) Info() Info {
	return Info{
		Name:    HebbName,
		Summary: "product of presynaptic and postsynaptic activity",
		Formula: "Δ = pᵀ h",
		Source:  "Hebb, The Organization of Behavior (1949); Lindsey & Litwin-Kumar, NeurIPS 2020",
	}
}

// Delta returns Δ [out,in].
func (Hebb) Delta(b *op.Builder, s Synapses) *G.Node { return b.Hebb(s.Post, s.Pre) }

// Step returns the weights after the update.
func (Hebb) Step(b *op.Builder, s Synapses, p op.Plasticity) *G.Node {
	return b.HebbStep(s.W, s.Post, s.Pre, p)
}

// Weigh returns (m ∘ p)ᵀ h.
func (Hebb) Weigh(b *op.Builder, s Synapses, m *G.Node) (*G.Node, Values) {
	return b.Hebb(b.RowScale(m, s.Post), s.Pre), nil
}
