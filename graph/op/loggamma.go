package op

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	G "gorgonia.org/gorgonia"
)

// LogGamma is the logarithm of the gamma function of each element, which is to be positive.
//
//	c = log Γ(a)
//
// a receives g ∘ ψ(a), where ψ is Polygamma of order 0. Of 0 c is +Inf, of a negative number NaN.
func (b *Builder) LogGamma(x *G.Node) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	return b.node(spec{
		kind:  "LogGamma",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { each(out, in[0], logGamma) },
		f64:   func(out []float64, in [][]float64) { each(out, in[0], logGamma) },
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.Mul(g, b.Polygamma(x, 0))) },
		over:  []int{0},
	}, x)
}

// Polygamma is the derivative of some order of ψ = (log Γ)′ of each element, which is to be positive.
//
//	c = ψ(a) for order 0,   ψ⁽ᵐ⁾(a) = (−1)^(m+1) m! ζ(m+1, a) for order m,   ζ Hurwitz's
//
// a receives g ∘ ψ⁽ᵐ⁺¹⁾(a). Of 0 and of negative numbers c is NaN.
//
// Source: Abramowitz & Stegun 6.3.5, 6.3.18 and 6.4.10; ζ is gonum's.
func (b *Builder) Polygamma(x *G.Node, order int) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	if order < 0 {
		return b.misfit("Polygamma", "an order of at least 0", x)
	}
	f := func(v float64) float64 { return polygamma(order, v) }
	return b.node(spec{
		kind:  "Polygamma",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { each(out, in[0], f) },
		f64:   func(out []float64, in [][]float64) { each(out, in[0], f) },
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.Mul(g, b.Polygamma(x, order+1))) },
		over:  []int{0},
	}, x)
}

func logGamma(x float64) float64 {
	if x < 0 {
		return math.NaN()
	}
	v, _ := math.Lgamma(x)
	return v
}

func polygamma(order int, x float64) float64 {
	switch {
	case !(x > 0):
		return math.NaN()
	case order == 0:
		return digamma(x)
	}
	v := mathext.Zeta(float64(order+1), x)
	for k := 2; k <= order; k++ {
		v *= float64(k)
	}
	if order%2 == 0 {
		return -v
	}
	return v
}

// digamma is ψ: ψ(x) = ψ(x+1) − 1/x until the asymptotic series is exact. That of gonum is so to 5e-11 only.
func digamma(x float64) float64 {
	below := 0.0
	for ; x < 10; x++ {
		below += 1 / x
	}
	sum, square := 0.0, 1/(x*x)
	for _, c := range [...]float64{1. / 12, -691. / 32760, 1. / 132, -1. / 240, 1. / 252, -1. / 120, 1. / 12} {
		sum = (sum + c) * square
	}
	return math.Log(x) - 1/(2*x) - sum - below
}
