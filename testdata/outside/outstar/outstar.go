// Package outstar is a rule of one's own.
package outstar

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules"
)

// Outstar moves the weights of an active presynaptic unit towards the activity above it: columns
// of W become patterns.
//
//	Δ = pᵀ h − W diag(Σ_n h)   [out,in]
//
// Source: Grossberg, Some nonlinear networks capable of learning a spatial pattern of arbitrary
// complexity, PNAS 59 (1968) 368-372.
type Outstar struct{}

var _ rules.Rule = Outstar{}

// Info describes the rule.
func (Outstar) Info() rules.Info {
	return rules.Info{
		Name:    "outstar",
		Summary: "weights of active units move towards the activity above",
		Formula: "Δ = pᵀ h − W diag(Σ_n h)",
		Source:  "Grossberg, PNAS 59 (1968) 368-372",
	}
}

// Delta returns Δ [out,in].
func (Outstar) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	return b.Sub(b.Hebb(s.Post, s.Pre), b.ColScale(s.W, b.SumBias(s.Pre)))
}
