package op

import G "gorgonia.org/gorgonia"

// Hebb is the Hebbian change, summed over examples.
//
//	Δ = pᵀ h   [out,in]
//
//	p  [N,out]  postsynaptic activity
//	h  [N,in]   presynaptic activity
//
// Cost: 2·N·in·out FLOPs. Source: Hebb, The Organization of Behavior (1949), in the form of
// Lindsey & Litwin-Kumar, NeurIPS 2020.
func (b *Builder) Hebb(p, h *G.Node) *G.Node { return b.MatMul(p, h, T, N) }
