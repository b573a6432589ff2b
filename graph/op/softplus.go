package op

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"
)

// Softplus is a smooth rectifier. The sharper it is, the nearer to relu, from which it differs
// by log(2)/s at most.
//
//	h = log(1 + exp(s z)) / s,   φ′ = 1 / (1 + exp(−s z)) = 1 − exp(−s h)
//
//	s  sharpness, a positive constant
//
// It is computed as max(z, 0) + log(1 + exp(−|s z|))/s, which nowhere overflows.
// z receives SoftplusGate(g, h, s).
//
// Source: Dugas et al., Incorporating second-order functional knowledge for better option
// pricing, NeurIPS 2000.
func (b *Builder) Softplus(z *G.Node, sharpness float64) *G.Node {
	if !b.usable([]*G.Node{z}) || !b.sharp("Softplus", sharpness) {
		return nil
	}
	return b.node(spec{
		kind:  "Softplus",
		shape: z.Shape(),
		f32:   func(out []float32, in [][]float32) { softpluses(out, in[0], sharpness) },
		f64:   func(out []float64, in [][]float64) { softpluses(out, in[0], sharpness) },
		grad:  func(_ int, h, g, acc *G.Node) *G.Node { return b.sum(acc, b.SoftplusGate(g, h, sharpness)) },
		over:  []int{0},
	}, z)
}

// SoftplusGate multiplies an array by the slope of Softplus, read from its activity of the same
// shape.
//
//	c = a ∘ (1 − exp(−s h))
//
// a receives SoftplusGate(g, h, s), h receives s g ∘ a ∘ exp(−s h).
func (b *Builder) SoftplusGate(x, h *G.Node, sharpness float64) *G.Node {
	if !b.usable([]*G.Node{x, h}) || !b.sharp("SoftplusGate", sharpness) {
		return nil
	}
	if !same(x.Shape(), h.Shape()) {
		return b.misfit("SoftplusGate", "equal shapes", x, h)
	}
	return b.node(spec{
		kind:  "SoftplusGate",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { softplusGate(out, in[0], in[1], sharpness) },
		f64:   func(out []float64, in [][]float64) { softplusGate(out, in[0], in[1], sharpness) },
		grad: func(i int, _, g, acc *G.Node) *G.Node {
			if i == 0 {
				return b.sum(acc, b.SoftplusGate(g, h, sharpness))
			}
			return b.addScaled(acc, b.Mul(b.Mul(g, x), b.Exp(b.Scale(h, -sharpness))), sharpness)
		},
		over: []int{0, 1},
	}, x, h)
}

func (b *Builder) sharp(op string, s float64) bool {
	if s > 0 && !math.IsInf(s, 1) {
		return true
	}
	b.fail(fmt.Errorf("%s of sharpness %v (%v): want a finite number above 0", op, s, b.label))
	return false
}

func softpluses[F float](out, z []F, s float64) {
	z = z[:len(out)]
	switch out := any(out).(type) {
	case []float32:
		for i, v := range any(z).([]float32) {
			z := float64(v)
			e := math.Exp(-math.Abs(s * z))
			out[i] = float32(max(z, 0) + log1pSingle(e)/s)
		}
	case []float64:
		for i, z := range any(z).([]float64) {
			out[i] = max(z, 0) + math.Log1p(math.Exp(-math.Abs(s*z)))/s
		}
	}
}

// log1pSingle is log(1 + e) for e from 0 to 1 with the digits of single precision, all of them for
// small e too: 2 artanh(t) = 2 (t + t³/3 + t⁵/5 + …) of t = e/(2 + e), at most 1/3, where what is
// left out is 2·10⁻⁹ of it.
func log1pSingle(e float64) float64 {
	t := e / (2 + e)
	q := t * t
	return 2 * t * (1 + q*(1./3+q*(1./5+q*(1./7+q*(1./9+q*(1./11+q*(1./13+q*(1./15))))))))
}

func softplusGate[F float](out, x, h []F, s float64) {
	x, h = x[:len(out)], h[:len(out)]
	switch out := any(out).(type) {
	case []float32:
		x := any(x).([]float32)
		for i, v := range any(h).([]float32) {
			u := s * float64(v)
			slope := 1 - math.Exp(-u)
			if math.Abs(u) < 1e-4 { // where the digits of the difference cancel
				slope = u - u*u/2
			}
			out[i] = x[i] * float32(slope)
		}
	case []float64:
		x := any(x).([]float64)
		for i, v := range any(h).([]float64) {
			out[i] = x[i] * -math.Expm1(-s*v)
		}
	}
}
