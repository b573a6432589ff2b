package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// Oja is Hebbian learning with a decay that grows with postsynaptic activity.
//
//	Δ = pᵀ h − diag(Σ_n p²) W   [out,in]
//
//	h  [N,in]    presynaptic activity
//	p  [N,out]   postsynaptic activity after feedback
//	W  [out,in]  weights at this inner step
//
// The decay of a row is its own neuron's: with α·Σ_n p_i² > 2 row i overshoots and the
// episode diverges, where Hebb merely grows.
// Cost: 2·N·in·out FLOPs and three passes over W.
//
// Source: Oja, A simplified neuron model as a principal component analyzer, J. Math. Biol.
// 15 (1982) 267–273, eq. 3, for one neuron; Lindsey & Litwin-Kumar, NeurIPS 2020, for p
// that carries feedback. Not the subspace rule, whose decay p pᵀ W is not local.
type Oja struct{}

var (
	_ Stepper  = Oja{}
	_ Weighted = Oja{}
)

// Info describes the rule.
func (Oja) Info() Info {
	return Info{
		Name:    OjaName,
		Summary: "Hebb with a decay that grows with postsynaptic activity",
		Formula: "Δ = pᵀ h − diag(Σ_n p²) W",
		Source:  "Oja, J. Math. Biol. 15 (1982) 267-273; Lindsey & Litwin-Kumar, NeurIPS 2020",
	}
}

// Delta returns Δ [out,in].
func (Oja) Delta(b *op.Builder, s Synapses) *G.Node { return b.Oja(s.Post, s.Pre, s.W) }

// Step returns the weights after the update.
func (Oja) Step(b *op.Builder, s Synapses, p op.Plasticity) *G.Node {
	return b.OjaStep(s.W, s.Post, s.Pre, p)
}

// Weigh returns (m ∘ p)ᵀ h − diag(Σ_n m p²) W.
func (Oja) Weigh(b *op.Builder, s Synapses, m *G.Node) (*G.Node, Values) {
	p := b.RowScale(m, s.Post)
	return b.Sub(b.Hebb(p, s.Pre), b.RowScale(b.ColDot(p, s.Post), s.W)), nil
}
