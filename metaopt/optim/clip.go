package optim

import (
	"fmt"
	"math"

	"metaplast/data/fault"
)

// Norm returns the Euclidean norm of g, of all its elements together.
//
//	‖g‖ = max·√Σ (gᵢ/max)²,  max = maxᵢ |gᵢ|
//
// where the plain sum of squares would overflow or lose digits to underflow, and √Σ gᵢ²
// elsewhere. It is 0 for an empty g, and NaN or +Inf if an element is. It is +Inf also for
// finite g whose norm is beyond the largest float64. Elements are added in order.
func Norm(g []float64) float64 {
	scale, root := scaledNorm(g)
	return scale * root
}

// scaledNorm returns the norm as a product whose factors are finite even where it is not.
func scaledNorm(g []float64) (scale, root float64) {
	sum := 0.0
	for _, x := range g {
		sum += float64(x * x)
	}
	// Below 1e-280 squares that were rounded among the denormals may be part of the sum.
	if sum > 1e-280 && sum <= math.MaxFloat64 {
		return 1, math.Sqrt(sum)
	}
	for _, x := range g {
		if math.IsNaN(x) {
			return 1, x
		}
		scale = max(scale, math.Abs(x))
	}
	if scale == 0 || math.IsInf(scale, 0) {
		return 1, scale
	}
	sum = 0
	for _, x := range g {
		y := x / scale
		sum += float64(y * y)
	}
	return scale, math.Sqrt(sum)
}

// Clip shortens the gradient of one learner in place to norm c, and leaves one that is
// shorter as it is.
//
//	g ← g·min(1, c/‖g‖)
//
//	g  [len θ]  flat gradient of all learned segments; fixed ones must be 0 in it
//	c           the bound; 0 means no clipping; negative, NaN and +Inf are illegal
//
// It returns ‖g‖ before clipping, a metric worth watching: see Norm for when it is +Inf. A
// gradient with NaN or Inf in it has no direction to keep: g is left as it is, and the error
// is a *NonFiniteError with the index of the first such element, also when c = 0.
//
// Cost: two passes over g, three for extreme values. No allocation.
//
// Source: Pascanu, Mikolov & Bengio, ICML 2013, Algorithm 1. Not clipping by value, which
// turns the gradient, and not PyTorch's clip_grad_norm_, whose factor is c/(‖g‖ + 1e-6).
func Clip(g []float64, c float64) (norm float64, err error) {
	if !(c >= 0) || math.IsInf(c, 0) {
		return 0, fmt.Errorf("%w: clip: %v, want a positive number, or 0 for none", fault.ErrSetting, c)
	}
	scale, root := scaledNorm(g)
	norm = scale * root
	if math.IsNaN(root) || math.IsInf(root, 0) {
		for i, x := range g {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return norm, &NonFiniteError{What: "gradient", Index: i, Value: x}
			}
		}
	}
	if c == 0 || norm <= c {
		return norm, nil
	}
	if scale == 1 {
		f := c / root
		for i := range g {
			g[i] *= f
		}
		return norm, nil
	}
	f := c / root
	for i, x := range g {
		g[i] = x / scale * f // c/norm might be denormal, and x·c infinite
	}
	return norm, nil
}
