package measure

import "math"

// Cosine returns the cosine of the angle between two vectors.
//
//	cos(a, b) = a·b / (‖a‖ ‖b‖)
//
//	a, b  [P]  finite, of the same length P ≥ 1
//
// It is NaN where a or b is a zero vector, which has no direction, and otherwise in [−1, 1];
// exactly 1 for equal vectors, −1 for opposite ones. Elements of any size are legal: nothing
// overflows. Errors: fault.ErrLength, ErrTooFew, ErrNonFinite. Cost: 6·P FLOPs.
//
// Two updates drawn at random in P dimensions have a cosine of 0 ± 1/√P: a value is to be
// read against that.
func Cosine(a, b []float64) (float64, error) {
	if err := pair("first vector", a, "second vector", b); err != nil {
		return 0, err
	}
	return newDirection(a).cosine(newDirection(b)), nil
}

// DescentCosine returns how far an update goes in the direction of gradient descent.
//
//	cos(ΔW, −∇W) = −ΔW·∇W / (‖ΔW‖ ‖∇W‖)
//
//	ΔW  [P]  update, W after − W before
//	∇W  [P]  gradient of the loss that the update answers to, at W before
//
// It is 1 for gradient descent with any positive learning rate, 0 for an update that leaves
// the loss as it is to first order, negative for one that increases it, and NaN where ΔW or
// ∇W is zero. A learning rate per synapse, or momentum, makes it smaller than 1 too.
// Errors and cost as for Cosine. Not Cosine(ΔW, ∇W), which has the other sign.
func DescentCosine(update, gradient []float64) (float64, error) {
	if err := pair("update", update, "gradient", gradient); err != nil {
		return 0, err
	}
	return 0 - newDirection(update).cosine(newDirection(gradient)), nil // 0 − x: no negative zero
}

// NormRatio returns the length of an update in units of the gradient's.
//
//	‖ΔW‖ / ‖∇W‖
//
//	ΔW  [P]  update
//	∇W  [P]  gradient
//
// For gradient descent it is the learning rate. It is 0 for a zero update, and NaN for a
// zero gradient, whatever the update. Errors: fault.ErrLength, ErrTooFew, and ErrNonFinite also
// for a ratio beyond the largest float64. Cost: 6·P FLOPs.
func NormRatio(update, gradient []float64) (float64, error) {
	if err := pair("update", update, "gradient", gradient); err != nil {
		return 0, err
	}
	u, g := newDirection(update), newDirection(gradient)
	if g.squares == 0 {
		return math.NaN(), nil
	}
	ratio := math.Ldexp(math.Sqrt(u.squares/g.squares), u.exp-g.exp)
	if math.IsInf(ratio, 0) {
		return 0, &NonFiniteError{What: "norm ratio", Value: ratio}
	}
	return ratio, nil
}
