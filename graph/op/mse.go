package op

import G "gorgonia.org/gorgonia"

// MSE is the mean squared error over all entries.
//
//	L = Σ (ŷ − y)² / (N·n)   [1]
//
//	ŷ, y  [N,n]
func (b *Builder) MSE(yhat, y *G.Node) *G.Node {
	d := b.Sub(yhat, y)
	if d == nil {
		return nil
	}
	return b.Scale(b.Dot(d, d), 1/float64(d.Shape().TotalSize()))
}
