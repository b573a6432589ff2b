package op

import G "gorgonia.org/gorgonia"

// CrossEntropy is the softmax cross-entropy, averaged over examples.
//
//	L = −Σ_n Σ_k y[n,k] log softmax(z[n])_k / N   [1]
//
//	z  [N,K]  logits
//	y  [N,K]  one-hot rows, or probabilities
func (b *Builder) CrossEntropy(z, y *G.Node) *G.Node {
	l := b.Dot(y, b.LogSoftmax(z))
	if l == nil {
		return nil
	}
	return b.Scale(l, -1/float64(z.Shape()[0]))
}
