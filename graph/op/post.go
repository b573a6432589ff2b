package op

import G "gorgonia.org/gorgonia"

// Post mixes top-down feedback into the activity of a layer.
//
//	p = β f + (1 − β) h = h + β (f − h)   [N,n]
//
//	f  [N,n]  feedback
//	h  [N,n]  activity of the layer, after its nonlinearity
//	β  [1]    feedback strength
//
// Source: Lindsey & Litwin-Kumar, NeurIPS 2020, section 3.
func (b *Builder) Post(f, h, beta *G.Node) *G.Node {
	return b.Add(h, b.ScaleBy(b.Sub(f, h), beta))
}
