// Package softplus is an op of one's own, with kernels and derivatives.
package softplus

import (
	"math"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// Softplus is a rectifier without a kink, element by element.
//
//	c = log(1 + eᵃ)
//
// a receives g ∘ σ(a).
//
// Source: Dugas et al., Incorporating Second-Order Functional Knowledge for Better Option
// Pricing, NIPS 2000.
func Softplus(b *op.Builder, a *G.Node) *G.Node {
	if !b.Usable(a) {
		return nil
	}
	return b.Define(op.Primitive{
		Kind:  "Softplus",
		Shape: a.Shape(),
		F32:   each[float32](softplus),
		F64:   each[float64](softplus),
		Grad:  func(_ int, _, g *G.Node) *G.Node { return b.Mul(g, Sigmoid(b, a)) },
		Over:  []int{0},
	}, a)
}

// Sigmoid is the slope of Softplus, element by element.
//
//	c = σ(a) = 1 / (1 + e⁻ᵃ)
//
// a receives g ∘ c ∘ (1 − c).
func Sigmoid(b *op.Builder, a *G.Node) *G.Node {
	if !b.Usable(a) {
		return nil
	}
	return b.Define(op.Primitive{
		Kind:  "Sigmoid",
		Shape: a.Shape(),
		F32:   each[float32](sigmoid),
		F64:   each[float64](sigmoid),
		Grad:  func(_ int, c, g *G.Node) *G.Node { return b.Mul(g, b.Sub(c, b.Mul(c, c))) },
		Over:  []int{0},
	}, a)
}

// each is the kernel that applies f to every element.
func each[F float32 | float64](f func(float64) float64) func(out []F, in [][]F) {
	return func(out []F, in [][]F) {
		for i, x := range in[0] {
			out[i] = F(f(float64(x)))
		}
	}
}

// softplus is max(a, 0) + log(1 + e^−|a|), which does not overflow.
func softplus(a float64) float64 { return max(a, 0) + math.Log1p(math.Exp(-math.Abs(a))) }

func sigmoid(a float64) float64 { return 1 / (1 + math.Exp(-a)) }
