package op

import (
	G "gorgonia.org/gorgonia"
)

// Distance is a layer of units that answer by how near an example is to their weights, which are
// prototypes.
//
//	z_i = h·W_i − ½|W_i|² + b_i = ½|h|² − ½|h − W_i|² + b_i   [N,out]
//
//	h  [N,in]
//	W  [out,in]
//	b  [out]
//
// The first term of the second form is the same for all units, so that softmax z is that of the negative
// half of squared distances. h receives g W, W receives gᵀ h − diag(Σ_n g) W, b the sum of g over
// examples. Cost: that of Dense, and a pass over W.
//
// Source: Snell, Swersky & Zemel, Prototypical Networks for Few-shot Learning, NeurIPS 2017, eq. 8.
func (b *Builder) Distance(h, w, bias *G.Node) *G.Node {
	if !b.usable([]*G.Node{h, w, bias}) {
		return nil
	}
	return b.Dense(h, w, b.AddScaled(bias, b.RowDot(w, w), -0.5), Linear)
}
