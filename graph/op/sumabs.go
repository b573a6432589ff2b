package op

import (
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// SumAbs is the sum of absolute values, an L1 norm.
//
//	c = Σ |a|   [1]
//
// a receives g sgn(a), with sgn(0) = 0. The sum is accumulated in float64.
func (b *Builder) SumAbs(x *G.Node) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	return b.node(spec{
		kind:  "SumAbs",
		shape: tensor.Shape{1},
		f32:   func(out []float32, in [][]float32) { out[0] = float32(sumAbs(in[0])) },
		f64:   func(out []float64, in [][]float64) { out[0] = sumAbs(in[0]) },
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.ScaleBy(b.Sign(x), g)) },
	}, x)
}

// Sign is −1, 0 or 1, of the shape of x; NaN of NaN. It is constant almost everywhere.
func (b *Builder) Sign(x *G.Node) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	return b.node(spec{
		kind:  "Sign",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { sign(out, in[0]) },
		f64:   func(out []float64, in [][]float64) { sign(out, in[0]) },
		over:  []int{0},
		fixed: []bool{true},
	}, x)
}

func sumAbs[F float](x []F) float64 {
	var s float64
	for _, v := range x {
		s += math.Abs(float64(v))
	}
	return s
}

func sign[F float](out, x []F) {
	for i, v := range x {
		switch {
		case v > 0:
			out[i] = 1
		case v < 0:
			out[i] = -1
		default:
			out[i] = v - v // 0, or NaN
		}
	}
}
