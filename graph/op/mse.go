package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// MSE is the mean squared error over all entries.
//
//	L = Σ (ŷ − y)² / (N·n)   [1]
//
//	ŷ, y  [N,n]
//
// ŷ receives 2 g (ŷ − y)/(N·n), y the negative of it. The sum is accumulated in float64.
func (b *Builder) MSE(yhat, y *G.Node) *G.Node {
	operands := []*G.Node{yhat, y}
	if !b.usable(operands) {
		return nil
	}
	if !same(yhat.Shape(), y.Shape()) {
		return b.misfit("MSE", "equal shapes", yhat, y)
	}
	factor := 1 / float64(yhat.Shape().TotalSize())
	if !b.fused {
		d := b.Sub(yhat, y)
		return b.Scale(b.Dot(d, d), factor)
	}
	return b.node(spec{
		kind:  "MSE",
		shape: tensor.Shape{1},
		f32:   func(out []float32, in [][]float32) { mse(out, in[0], in[1]) },
		f64:   func(out []float64, in [][]float64) { mse(out, in[0], in[1]) },
		grad: func(i int, _, g, acc *G.Node) *G.Node {
			sign := [...]float64{2, -2}[i]
			return b.sum(acc, b.ScaleBy(b.Scale(b.Sub(yhat, y), sign*factor), g))
		},
	}, operands...)
}

func mse[F float](out, yhat, y []F) {
	y = y[:len(yhat)]
	var s float64
	for i, v := range yhat {
		d := float64(v) - float64(y[i])
		s += d * d
	}
	out[0] = F(s / float64(len(yhat)))
}
