package op

import G "gorgonia.org/gorgonia"

// Oja is the change by Oja's rule, summed over examples.
//
//	Δ = pᵀ h − diag(Σ_n p[n]²) W   [out,in]
//
//	p  [N,out]   postsynaptic activity
//	h  [N,in]    presynaptic activity
//	W  [out,in]  weights at this inner step
//
// Cost: 2·N·in·out FLOPs and three passes over an array of the size of W. Source: Oja,
// J. Math. Biol. 15 (1982) 267–273.
func (b *Builder) Oja(p, h, w *G.Node) *G.Node {
	return b.Sub(b.Hebb(p, h), b.RowScale(b.ColDot(p, p), w))
}
