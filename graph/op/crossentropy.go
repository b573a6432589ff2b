package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// CrossEntropy is the softmax cross-entropy, averaged over examples.
//
//	L = −Σ_n Σ_k y[n,k] log softmax(z[n])_k / N   [1]
//
//	z  [N,K]  logits
//	y  [N,K]  one-hot rows, or probabilities
//
// z receives g (diag(rowsum(y)) softmax(z) − y)/N, y receives −g log softmax(z)/N. The sum
// is accumulated in float64.
func (b *Builder) CrossEntropy(z, y *G.Node) *G.Node {
	operands := []*G.Node{z, y}
	if !b.usable(operands) {
		return nil
	}
	s := z.Shape()
	if s.Dims() != 2 || !same(s, y.Shape()) {
		return b.misfit("CrossEntropy", "two matrices [N,K]", z, y)
	}
	factor := 1 / float64(s[0])
	if !b.fused {
		return b.Scale(b.Dot(y, b.LogSoftmax(z)), -factor)
	}
	return b.node(spec{
		kind:  "CrossEntropy",
		shape: tensor.Shape{1},
		f32:   func(out []float32, in [][]float32) { crossEntropy(out, in[0], in[1], s[1]) },
		f64:   func(out []float64, in [][]float64) { crossEntropy(out, in[0], in[1], s[1]) },
		grad: func(i int, _, g, acc *G.Node) *G.Node {
			var d *G.Node
			if i == 0 {
				d = b.Scale(b.Sub(b.RowScale(b.RowSum(y), b.Softmax(z)), y), factor)
			} else {
				d = b.Scale(b.LogSoftmax(z), -factor)
			}
			return b.sum(acc, b.ScaleBy(d, g))
		},
	}, operands...)
}

func crossEntropy[F float](out, z, y []F, k int) {
	var s float64
	for i := 0; i < len(z); i += k {
		lse := logSumExp(z[i : i+k])
		for j, v := range z[i : i+k] {
			s += float64(y[i+j]) * (lse - float64(v))
		}
	}
	out[0] = F(s * float64(k) / float64(len(z)))
}
