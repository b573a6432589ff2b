package op

import (
	"math"

	G "gorgonia.org/gorgonia"
)

// Sigmoid is the logistic function of each element.
//
//	h = 1 / (1 + exp(−z)),   φ′ = h (1 − h)
//
// z receives SigmoidGate(g, h).
func (b *Builder) Sigmoid(z *G.Node) *G.Node {
	if !b.usable([]*G.Node{z}) {
		return nil
	}
	return b.node(spec{
		kind:  "Sigmoid",
		shape: z.Shape(),
		f32:   func(out []float32, in [][]float32) { sigmoids(out, in[0]) },
		f64:   func(out []float64, in [][]float64) { sigmoids(out, in[0]) },
		grad:  func(_ int, h, g, acc *G.Node) *G.Node { return b.sum(acc, b.SigmoidGate(g, h)) },
		over:  []int{0},
	}, z)
}

// SigmoidGate multiplies an array by the slope of Sigmoid, read from its activity of the same
// shape.
//
//	c = a ∘ h ∘ (1 − h)
//
// a receives SigmoidGate(g, h), h receives g ∘ a ∘ (1 − 2 h).
func (b *Builder) SigmoidGate(x, h *G.Node) *G.Node {
	if !b.usable([]*G.Node{x, h}) {
		return nil
	}
	if !same(x.Shape(), h.Shape()) {
		return b.misfit("SigmoidGate", "equal shapes", x, h)
	}
	return b.node(spec{
		kind:  "SigmoidGate",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { sigmoidGate(out, in[0], in[1]) },
		f64:   func(out []float64, in [][]float64) { sigmoidGate(out, in[0], in[1]) },
		grad: func(i int, _, g, acc *G.Node) *G.Node {
			if i == 0 {
				return b.sum(acc, b.SigmoidGate(g, h))
			}
			gx := b.Mul(g, x)
			return b.sum(acc, b.AddScaled(gx, b.Mul(gx, h), -2))
		},
		over: []int{0, 1},
	}, x, h)
}

// sigmoids have no overflow that shows: of −1000 it is 1/(1+Inf), which is 0.
func sigmoids[F float](out, z []F) {
	z = z[:len(out)]
	for i, v := range z {
		out[i] = F(1 / (1 + math.Exp(-float64(v))))
	}
}

func sigmoidGate[F float](out, x, h []F) {
	x, h = x[:len(out)], h[:len(out)]
	for i, v := range h {
		out[i] = x[i] * (v * (1 - v))
	}
}
