package op

import (
	"math"

	G "gorgonia.org/gorgonia"
)

// Softmax turns each row of logits into probabilities.
//
//	p[n,k] = exp(z[n,k]) / Σ_j exp(z[n,j])   [N,K]
//
// The row's maximum is subtracted first. z receives p ∘ (g − rowsum(g ∘ p)).
func (b *Builder) Softmax(z *G.Node) *G.Node {
	return b.rowwise("Softmax", z, softmax[float32], softmax[float64], func(_ int, p, g, acc *G.Node) *G.Node {
		return b.sum(acc, b.Sub(b.Mul(p, g), b.RowScale(b.RowDot(g, p), p)))
	})
}

// LogSoftmax is the logarithm of Softmax, computed without forming the probabilities.
//
//	c[n,k] = z[n,k] − log Σ_j exp(z[n,j])   [N,K]
//
// z receives g − diag(rowsum(g)) softmax(z).
func (b *Builder) LogSoftmax(z *G.Node) *G.Node {
	return b.rowwise("LogSoftmax", z, logSoftmax[float32], logSoftmax[float64], func(_ int, _, g, acc *G.Node) *G.Node {
		return b.sum(acc, b.Sub(g, b.RowScale(b.RowSum(g), b.Softmax(z))))
	})
}

func (b *Builder) rowwise(kind string, z *G.Node, f32 func(out, z []float32, k int), f64 func(out, z []float64, k int), grad func(i int, out, g, acc *G.Node) *G.Node) *G.Node {
	if !b.usable([]*G.Node{z}) {
		return nil
	}
	s := z.Shape()
	if s.Dims() != 2 {
		return b.misfit(kind, "a matrix of logits [N,K]", z)
	}
	return b.node(spec{
		kind:  kind,
		shape: s,
		f32:   func(out []float32, in [][]float32) { f32(out, in[0], s[1]) },
		f64:   func(out []float64, in [][]float64) { f64(out, in[0], s[1]) },
		grad:  grad,
		over:  []int{0},
	}, z)
}

func softmax[F float](out, z []F, k int) {
	for i := 0; i < len(z); i += k {
		lse := logSumExp(z[i : i+k])
		for j, v := range z[i : i+k] {
			out[i+j] = F(math.Exp(float64(v) - lse))
		}
	}
}

func logSoftmax[F float](out, z []F, k int) {
	for i := 0; i < len(z); i += k {
		lse := logSumExp(z[i : i+k])
		for j, v := range z[i : i+k] {
			out[i+j] = F(float64(v) - lse)
		}
	}
}

func logSumExp[F float](z []F) float64 {
	m := math.Inf(-1)
	for _, v := range z {
		m = math.Max(m, float64(v)) // NaN if any is
	}
	var s float64
	for _, v := range z {
		s += math.Exp(float64(v) - m)
	}
	return m + math.Log(s)
}
