package op

import G "gorgonia.org/gorgonia"

// Dense is a layer of units.
//
//	h' = φ(h Wᵀ + b)   [N,out]
//
//	h  [N,in]
//	W  [out,in]
//	b  [out]
//	φ  relu, or the identity
func (b *Builder) Dense(h, w, bias *G.Node, relu bool) *G.Node {
	z := b.AddBias(b.MatMul(h, w, N, T), bias)
	if relu {
		return b.Relu(z)
	}
	return z
}
