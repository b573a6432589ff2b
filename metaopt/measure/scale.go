package measure

import "math"

// exponent returns e with 2^e ≤ max |xᵢ| < 2^(e+1), or 0 where all elements are 0.
func exponent(x []float64) int {
	largest := 0.0
	for _, v := range x {
		largest = max(largest, math.Abs(v))
	}
	if largest == 0 {
		return 0
	}
	_, e := math.Frexp(largest)
	return e - 1
}

// dot returns Σ aᵢbᵢ/2^(ea+eb) for the exponents of a and b. Division by a power of two is
// exact, so neither overflow nor underflow disturbs the sum, and in their absence the bits
// are those of the plain sum.
func dot(a []float64, ea int, b []float64, eb int) float64 {
	pa, pb, sum := math.Ldexp(1, ea), math.Ldexp(1, eb), 0.0
	for i, v := range a {
		sum += float64(v / pa * (b[i] / pb))
	}
	return sum
}

// direction is a vector with what is needed to compare it with others.
type direction struct {
	x       []float64
	exp     int
	squares float64 // Σ xᵢ²/4^exp; 0 only for a zero vector
}

func newDirection(x []float64) direction {
	e := exponent(x)
	return direction{x: x, exp: e, squares: dot(x, e, x, e)}
}

// cosine is NaN where a or b is a zero vector. As √(s·s) is s, it is exactly ±1 for equal
// and opposite vectors.
func (a direction) cosine(b direction) float64 {
	if a.squares == 0 || b.squares == 0 {
		return math.NaN()
	}
	return min(1, max(-1, dot(a.x, a.exp, b.x, b.exp)/math.Sqrt(a.squares*b.squares)))
}
