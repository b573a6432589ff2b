package measure

import "math"

// ZeroFraction returns the share of elements that are exactly 0, of either sign.
//
//	x  [n]  finite, n ≥ 1
//
// Errors: ErrTooFew, ErrNonFinite. It says nothing of elements that are small: see Hoyer.
func ZeroFraction(x []float64) (float64, error) {
	if err := vector("values", x, 1); err != nil {
		return 0, err
	}
	return zeroFraction(x), nil
}

func zeroFraction(x []float64) float64 {
	zeros := 0
	for _, v := range x {
		if v == 0 {
			zeros++
		}
	}
	return float64(zeros) / float64(len(x))
}

// Hoyer returns the sparsity of a vector, whatever its size and signs.
//
//	(√n − ‖x‖₁/‖x‖₂) / (√n − 1)
//
//	x  [n]  finite, n ≥ 2
//
// It is 0 where all elements have the same magnitude, 1 where one element alone is not 0,
// and NaN for a zero vector. Errors: ErrTooFew, ErrNonFinite. Cost: 4·n FLOPs.
//
// Source: Hoyer, Non-negative Matrix Factorization with Sparseness Constraints, JMLR 5
// (2004) 1457–1469, section 3.1.
func Hoyer(x []float64) (float64, error) {
	if err := vector("values", x, 2); err != nil {
		return 0, err
	}
	return hoyer(x), nil
}

func hoyer(x []float64) float64 {
	d, sum := newDirection(x), 0.0
	if d.squares == 0 {
		return math.NaN()
	}
	p := math.Ldexp(1, d.exp)
	for _, v := range x {
		sum += math.Abs(v / p)
	}
	root := math.Sqrt(float64(len(x)))
	return min(1, max(0, (root-sum/math.Sqrt(d.squares))/(root-1)))
}

// DeadUnits returns the units, ascending, whose activity is exactly 0 for all examples.
//
//	h  [N,n]  activity of n units for N examples
//
// A relu unit that is dead on the examples at hand passes no gradient, and no local rule
// with its postsynaptic activity changes it. The result is empty, never nil, where none is.
// Errors: ErrShape, fault.ErrLength, ErrNonFinite.
func DeadUnits(h Matrix) ([]int, error) {
	if err := h.check("activity"); err != nil {
		return nil, err
	}
	dead := []int{}
unit:
	for j := range h.Cols {
		for i := range h.Rows {
			if h.At(i, j) != 0 {
				continue unit
			}
		}
		dead = append(dead, j)
	}
	return dead, nil
}

// Activities describes how sparse the activity of a layer is.
type Activities struct {
	Zeros  float64 // share of exact zeros among all N·n elements
	Hoyer  float64 // mean of Hoyer's sparsity over the examples that are not silent; else NaN
	Silent int     // examples for which all units are 0
	Dead   []int   // units that are 0 for all examples; see DeadUnits
}

// Activity measures a layer.
//
//	h  [N,n]  activity of n units for N examples
//
// Hoyer's sparsity is taken over the units of one example (population sparsity), not over
// the examples of one unit (lifetime sparsity; for that, pass h.T()). It is NaN for n = 1 and
// where all examples are silent. Errors: ErrShape, fault.ErrLength, ErrNonFinite. Cost: 6·N·n FLOPs.
func Activity(h Matrix) (Activities, error) {
	dead, err := DeadUnits(h)
	if err != nil {
		return Activities{}, err
	}
	a := Activities{Zeros: zeroFraction(h.Data), Dead: dead}
	for i := range h.Rows {
		v := hoyer(h.Row(i)) // 0/0 for one unit
		if newDirection(h.Row(i)).squares == 0 {
			a.Silent++
			continue
		}
		a.Hoyer += v
	}
	a.Hoyer /= float64(h.Rows - a.Silent)
	return a, nil
}
