package measure

import (
	"fmt"
	"math"

	"metaplast/data/fault"
)

// ForwardPath returns the linear map from a layer's activity to the output: the product of
// the weights in between, with the units' slopes where gates are given.
//
//	P = W_{m−1} D_{m−1} ⋯ W_1 D_1 W_0 D_0,  D_k = diag(gates[k])
//
//	weights[k]  W_k [out_k,in_k]  bottom up, in_k = out_{k−1}; W_0 reads the layer
//	gates[k]    [in_k]            slope φ′ of the units that W_k reads; nil for 1
//	P           [out_{m−1},in_0]
//
// The layer itself is what W_0 reads, and its own slopes are gates[0]: leave it nil for
// ∂ŷ/∂h, give it for ∂ŷ/∂(input of φ). gates may be nil where no units are gated. With relu
// and one example's gates P is the exact Jacobian; averaged gates, or none, make it the
// path that feedback weights can align with on all examples.
//
// Errors: ErrTooFew for no weights, ErrShape with the number of the matrix, fault.ErrLength for
// gates, ErrNonFinite also for a product that overflows. Cost: 2·n_L·Σ_k out_k·in_k FLOPs
// with n_L = out_{m−1}, from the output down.
func ForwardPath(weights []Matrix, gates [][]float64) (Matrix, error) {
	if len(weights) == 0 {
		return Matrix{}, &TooFewError{What: "weights of the forward path", Got: 0, Need: 1}
	}
	if gates != nil && len(gates) != len(weights) {
		return Matrix{}, &fault.Length{What: "gates", Got: len(gates), Want: len(weights)}
	}
	for k, w := range weights {
		op := fmt.Sprintf("forward path: weights %d", k)
		if err := w.check(op); err != nil {
			return Matrix{}, err
		}
		if k > 0 && w.Cols != weights[k-1].Rows {
			return Matrix{}, &ShapeError{Op: op, Got: w.shape(), Want: wanted(-1, weights[k-1].Rows)}
		}
		if gates == nil || gates[k] == nil {
			continue
		}
		if len(gates[k]) != w.Cols {
			return Matrix{}, &fault.Length{What: "gates", Index: []int{k}, Got: len(gates[k]), Want: w.Cols}
		}
		if err := finite("gates", gates[k], k); err != nil {
			return Matrix{}, err
		}
	}
	last := len(weights) - 1
	path := Matrix{Rows: weights[last].Rows, Cols: weights[last].Cols, Data: append([]float64(nil), weights[last].Data...)}
	for k := last; k >= 0; k-- {
		if k < last {
			path = product(path, weights[k])
		}
		if gates == nil || gates[k] == nil {
			continue
		}
		for i := range path.Rows {
			row := path.Row(i)
			for j, g := range gates[k] {
				row[j] *= g
			}
		}
	}
	if err := path.check("forward path"); err != nil {
		return Matrix{}, err
	}
	return path, nil
}

func product(a, b Matrix) Matrix {
	p := Matrix{Rows: a.Rows, Cols: b.Cols, Data: make([]float64, a.Rows*b.Cols)}
	for i := range a.Rows {
		row := p.Row(i)
		for k, v := range a.Row(i) {
			for j, w := range b.Row(k) {
				row[j] += float64(v * w)
			}
		}
	}
	return p
}

// FeedbackAngle returns the angle between feedback weights and the transpose of the forward
// path, which backpropagation would use in their place.
//
//	∠(B, Pᵀ) in degrees, 0 … 180, of the two as flat vectors
//
//	B  [n,n_L]  feedback from the output's n_L units to the layer's n units
//	P  [n_L,n]  forward path from the layer to the output, from ForwardPath
//
// Below 90° what the feedback sends has a positive product with the true gradient on
// average over signals s with uncorrelated elements of equal variance; random B gives
// 90° ± 57°/√(n·n_L). It is NaN where B or P is zero. Angles near 0 and 180 keep full
// precision, which arccos would lose. Gate both or neither.
//
// B is that of the direct pathway, f = s Bᵀ. The layered pathway's weights have the shape of
// W, f_{l−1} = f_l B_l: compare one layer's by FeedbackAngle(B_l.T(), W_l), and the whole way
// down by the transpose of ForwardPath over the B_l.
//
// Errors: ErrShape, fault.ErrLength, ErrNonFinite. Cost: 10·n·n_L FLOPs.
//
// Source: Lillicrap et al., Nature Communications 7 (2016) 13276, for the angle as the
// measure of alignment; there it is taken between the signals B e and Wᵀ e.
func FeedbackAngle(feedback, path Matrix) (float64, error) {
	if err := feedback.check("feedback"); err != nil {
		return 0, err
	}
	if err := path.check("forward path"); err != nil {
		return 0, err
	}
	if feedback.Rows != path.Cols || feedback.Cols != path.Rows {
		return 0, &ShapeError{Op: "feedback angle: feedback", Got: feedback.shape(), Want: wanted(path.Cols, path.Rows)}
	}
	a, b := newDirection(feedback.Data), newDirection(path.T().Data)
	if a.squares == 0 || b.squares == 0 {
		return math.NaN(), nil
	}
	// Kahan: the angle between unit vectors u and v is 2·atan2(‖u − v‖, ‖u + v‖).
	na, nb := math.Sqrt(a.squares), math.Sqrt(b.squares)
	pa, pb := math.Ldexp(1, a.exp), math.Ldexp(1, b.exp)
	minus, plus := 0.0, 0.0
	for i, v := range a.x {
		u, w := v/pa/na, b.x[i]/pb/nb
		minus += float64((u - w) * (u - w))
		plus += float64((u + w) * (u + w))
	}
	return 2 * math.Atan2(math.Sqrt(minus), math.Sqrt(plus)) * 180 / math.Pi, nil
}
