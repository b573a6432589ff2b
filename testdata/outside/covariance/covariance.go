// Package covariance is a rule of one's own.
package covariance

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules"
)

// Covariance strengthens a synapse when the activities at its ends vary together over the
// examples of a step.
//
//	Δ = (p − p̄)ᵀ (h − h̄)   [out,in]
//
// Source: Sejnowski, Storing covariance with nonlinearly interacting neurons, J. Math. Biol.
// 4 (1977) 303-321.
type Covariance struct{}

var _ rules.Rule = Covariance{}

// Info describes the rule.
func (Covariance) Info() rules.Info {
	return rules.Info{
		Name:    "covariance",
		Summary: "covariance of presynaptic and postsynaptic activity",
		Formula: "Δ = (p − p̄)ᵀ (h − h̄)",
		Source:  "Sejnowski, J. Math. Biol. 4 (1977) 303-321",
	}
}

// Delta returns Δ [out,in].
func (Covariance) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	n := float64(s.Pre.Shape()[0])
	centred := func(x *G.Node) *G.Node { return b.AddBias(x, b.Scale(b.SumBias(x), -1/n)) }
	return b.Hebb(centred(s.Post), centred(s.Pre))
}
