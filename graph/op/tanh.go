package op

import (
	"math"

	G "gorgonia.org/gorgonia"
)

// Tanh is the hyperbolic tangent of each element.
//
//	h = tanh z,   φ′ = 1 − h²
//
// z receives TanhGate(g, h).
func (b *Builder) Tanh(z *G.Node) *G.Node {
	if !b.usable([]*G.Node{z}) {
		return nil
	}
	return b.node(spec{
		kind:  "Tanh",
		shape: z.Shape(),
		f32:   func(out []float32, in [][]float32) { tanhs(out, in[0]) },
		f64:   func(out []float64, in [][]float64) { tanhs(out, in[0]) },
		grad:  func(_ int, h, g, acc *G.Node) *G.Node { return b.sum(acc, b.TanhGate(g, h)) },
		over:  []int{0},
	}, z)
}

// TanhGate multiplies an array by the slope of Tanh, read from its activity of the same shape.
//
//	c = a ∘ (1 − h²)
//
// a receives TanhGate(g, h), h receives −2 g ∘ a ∘ h.
func (b *Builder) TanhGate(x, h *G.Node) *G.Node {
	if !b.usable([]*G.Node{x, h}) {
		return nil
	}
	if !same(x.Shape(), h.Shape()) {
		return b.misfit("TanhGate", "equal shapes", x, h)
	}
	return b.node(spec{
		kind:  "TanhGate",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { tanhGate(out, in[0], in[1]) },
		f64:   func(out []float64, in [][]float64) { tanhGate(out, in[0], in[1]) },
		grad: func(i int, _, g, acc *G.Node) *G.Node {
			if i == 0 {
				return b.sum(acc, b.TanhGate(g, h))
			}
			return b.addScaled(acc, b.Mul(b.Mul(g, x), h), -2)
		},
		over: []int{0, 1},
	}, x, h)
}

func tanhs[F float](out, z []F) {
	z = z[:len(out)]
	switch out := any(out).(type) {
	case []float32:
		// In double precision this is exact enough for single, but where z is so small that most of
		// the digits cancel; and it has no branch that goes one way as often as the other.
		for i, v := range any(z).([]float32) {
			z := float64(v)
			h := 1 - 2/(math.Exp(2*z)+1)
			if math.Abs(z) < 1e-3 {
				h = z - z*z*z/3
			}
			out[i] = float32(h)
		}
	case []float64:
		for i, v := range any(z).([]float64) {
			out[i] = math.Tanh(v)
		}
	}
}

func tanhGate[F float](out, x, h []F) {
	x, h = x[:len(out)], h[:len(out)]
	for i, v := range h {
		out[i] = x[i] * (1 - v*v)
	}
}
