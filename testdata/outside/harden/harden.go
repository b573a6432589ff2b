// Package harden is a rule of one's own with a parameter and a state.
package harden

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules"
)

// Harden is Hebb's rule for synapses that change less the more they have changed.
//
//	D = pᵀ h                   [out,in]
//	Δ = D / (1 + ρ u)          [out,in]
//	u(t+1) = u(t) + D ∘ D      [out,in], u(0) = 0
//
// Source: Abraham and Bear, Metaplasticity: the plasticity of synaptic plasticity, Trends Neurosci. 19
// (1996) 126-130, for the idea.
type Harden struct{}

var (
	_ rules.Stateful   = Harden{}
	_ rules.Parametric = Harden{}
)

// Info describes the rule.
func (Harden) Info() rules.Info {
	return rules.Info{
		Name:    "harden",
		Summary: "Hebb's rule for synapses that change less the more they have changed",
		Formula: "D = pᵀ h;  Δ = D / (1 + ρ u);  u ← u + D ∘ D",
		Source:  "after Abraham and Bear, Trends Neurosci. 19 (1996) 126-130",
	}
}

// Params is ρ.
func (Harden) Params() []rules.Param {
	return []rules.Param{{Name: "rho", Initial: 1, About: "how fast synapses harden"}}
}

// State is u.
func (Harden) State() []rules.Variable {
	return []rules.Variable{{Name: "u", Per: rules.PerSynapse, About: "sum of squared changes"}}
}

// Next returns Δ [out,in] and u(t+1).
func (Harden) Next(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
	u, d := s.State["u"], b.Hebb(s.Post, s.Pre)
	hard := b.Add(b.OnesLike(u), rules.Times(b, u, s.Params["rho"]))
	return b.Div(d, hard), rules.Values{"u": b.Add(u, b.Mul(d, d))}
}

// Delta returns Δ [out,in].
func (r Harden) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	delta, _ := r.Next(b, s)
	return delta
}
