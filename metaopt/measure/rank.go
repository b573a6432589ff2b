package measure

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Rank is how many directions a matrix uses.
type Rank struct {
	Effective float64   // exp of the entropy of the singular values, 1 … min(Rows, Cols)
	Stable    float64   // ‖·‖_F²/‖·‖_2², 1 … min(Rows, Cols)
	Singular  []float64 // min(Rows, Cols) singular values, descending
}

// MatrixRank measures the rank of an update, or of any matrix, without a threshold.
//
//	Effective = exp(−Σ_k p_k log p_k),  p_k = σ_k / Σ σ     (0 log 0 = 0)
//	Stable    = ‖M‖_F² / ‖M‖_2² = Σ σ_k² / σ_1²
//
//	M    [m,n]  an update ΔW, or a weight matrix
//	σ_k         its singular values
//
// Both are 1 for a matrix of rank 1, such as Hebb's change for one example, and n for a
// multiple of the identity. The effective rank gives weight to a long tail of small singular
// values, the stable rank nearly none, so Stable ≤ Effective. Both are NaN for a zero matrix.
//
// Rounding in the decomposition is about 1e-16·σ_1, so an effective rank of 1 may come out
// as 1 + 1e-13 for a large matrix. Errors: ErrShape, fault.ErrLength, ErrNonFinite also for a
// singular value that overflows, ErrNoConvergence.
// Cost: one decomposition, of the order of 4·m·n·min(m,n) FLOPs.
//
// Source: Roy & Vetterli, The Effective Rank: A Measure of Effective Dimensionality, EUSIPCO
// 2007, for the first; Rudelson & Vershynin, Sampling from Large Matrices, JACM 54 (2007),
// for the second ("numerical rank").
func MatrixRank(m Matrix) (Rank, error) {
	if err := m.check("matrix"); err != nil {
		return Rank{}, err
	}
	e := exponent(m.Data)
	scaled, p := make([]float64, len(m.Data)), math.Ldexp(1, e)
	for i, v := range m.Data {
		scaled[i] = v / p
	}
	var svd mat.SVD
	if !svd.Factorize(mat.NewDense(m.Rows, m.Cols, scaled), mat.SVDNone) {
		return Rank{}, fmt.Errorf("%w: singular values of a matrix of shape %v", ErrNoConvergence, m.shape())
	}
	s := svd.Values(nil)
	r := Rank{Effective: math.NaN(), Stable: math.NaN(), Singular: make([]float64, len(s))}
	for i, v := range s {
		r.Singular[i] = math.Ldexp(v, e)
	}
	if err := finite("singular values", r.Singular); err != nil {
		return Rank{}, err
	}
	if s[0] == 0 {
		return r, nil
	}
	sum := 0.0
	for _, v := range s {
		sum += v
	}
	entropy, squares := 0.0, 0.0
	for _, v := range s {
		if q := v / sum; q > 0 {
			entropy -= q * math.Log(q)
		}
		squares += v / s[0] * (v / s[0])
	}
	r.Effective, r.Stable = math.Exp(entropy), squares
	return r, nil
}
