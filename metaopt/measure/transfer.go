package measure

import (
	"math"

	"metaplast/data/fault"
)

// Score says what the numbers of a table of results are.
type Score int

const (
	// Accuracy: higher is better. The zero value.
	Accuracy Score = iota
	// Loss: lower is better. Differences change their sign, so that positive transfer is
	// good and positive forgetting is bad, as for accuracy.
	Loss
)

// sign is +1 where higher is better.
func (s Score) sign() (float64, error) {
	switch s {
	case Accuracy:
		return 1, nil
	case Loss:
		return -1, nil
	}
	return 0, &SettingError{Field: "Score", Value: int(s), Want: "Accuracy or Loss"}
}

const results = "results" // what errors call the table R

// reader reads elements of R and remembers the first that is not finite.
type reader struct {
	r   [][]float64
	err error
}

func (t *reader) at(i, j int) float64 {
	v := t.r[i][j]
	if t.err == nil && !isFinite(v) {
		t.err = &NonFiniteError{What: results, Index: []int{i, j}, Value: v}
	}
	return v
}

func (t *reader) mean(sum float64, n int) (float64, error) {
	if t.err != nil {
		return 0, t.err
	}
	if !isFinite(sum) {
		return 0, &NonFiniteError{What: "sum of " + results, Value: sum}
	}
	return sum / float64(n), nil
}

// AverageFinal returns the mean result over all tasks after the last one.
//
//	ACC = 1/T Σ_j R[T−1][j]
//
//	R  [T,T]  R[i][j]: accuracy or loss on task j after learning tasks 0 … i; T ≥ 1
//
// Only the last row is read: the rest may be NaN. Errors: ErrTooFew, fault.ErrLength for a table
// that is not square, ErrNonFinite.
//
// Source: Lopez-Paz & Ranzato, Gradient Episodic Memory for Continual Learning, NeurIPS
// 2017, equation 2.
func AverageFinal(r [][]float64) (float64, error) {
	if err := square(results, r, 1); err != nil {
		return 0, err
	}
	t, sum := reader{r: r}, 0.0
	for j := range r {
		sum += t.at(len(r)-1, j)
	}
	return t.mean(sum, len(r))
}

// BackwardTransfer returns how much learning later tasks changed the result on earlier ones.
//
//	BWT = 1/(T−1) Σ_{i<T−1} R[T−1][i] − R[i][i]    accuracy
//	BWT = 1/(T−1) Σ_{i<T−1} R[i][i] − R[T−1][i]    loss
//
//	R  [T,T]  as in AverageFinal; T ≥ 2
//
// Positive: later tasks improved earlier ones; negative: forgetting. Only the diagonal and
// the last row are read: the rest may be NaN. Errors: ErrTooFew, fault.ErrLength, ErrNonFinite,
// fault.ErrSetting for an unknown score.
//
// Source: Lopez-Paz & Ranzato, NeurIPS 2017, equation 3, for accuracy.
func BackwardTransfer(r [][]float64, score Score) (float64, error) {
	sign, err := score.sign()
	if err != nil {
		return 0, err
	}
	if err := square(results, r, 2); err != nil {
		return 0, err
	}
	t, sum, last := reader{r: r}, 0.0, len(r)-1
	for i := range last {
		sum += sign * (t.at(last, i) - t.at(i, i))
	}
	return t.mean(sum, last)
}

// ForwardTransfer returns how much learning earlier tasks helped on tasks not yet learned.
//
//	FWT = 1/(T−1) Σ_{i≥1} R[i−1][i] − b[i]    accuracy
//	FWT = 1/(T−1) Σ_{i≥1} b[i] − R[i−1][i]    loss
//
//	R  [T,T]  as in AverageFinal; T ≥ 2
//	b  [T]    result on each task of the untrained network
//
// Positive: earlier tasks helped. Only the elements right above the diagonal and b[1:] are
// read: the rest may be NaN. Errors: ErrTooFew, fault.ErrLength, ErrNonFinite, fault.ErrSetting for an
// unknown score.
//
// Source: Lopez-Paz & Ranzato, NeurIPS 2017, equation 4, for accuracy; b is there the
// accuracy at random initialisation. In an episode it is that of the meta-learned W(0).
func ForwardTransfer(r [][]float64, baseline []float64, score Score) (float64, error) {
	sign, err := score.sign()
	if err != nil {
		return 0, err
	}
	if err := square(results, r, 2); err != nil {
		return 0, err
	}
	if len(baseline) != len(r) {
		return 0, &fault.Length{What: "baseline", Got: len(baseline), Want: len(r)}
	}
	t, sum := reader{r: r}, 0.0
	for i := 1; i < len(r); i++ {
		if !isFinite(baseline[i]) {
			return 0, &NonFiniteError{What: "baseline", Index: []int{i}, Value: baseline[i]}
		}
		sum += sign * (t.at(i-1, i) - baseline[i])
	}
	return t.mean(sum, len(r)-1)
}

// Forgetting returns how far the result on earlier tasks fell below the best it had been.
//
//	F = 1/(T−1) Σ_{j<T−1} max_{l<T−1} R[l][j] − R[T−1][j]    accuracy
//	F = 1/(T−1) Σ_{j<T−1} R[T−1][j] − min_{l<T−1} R[l][j]    loss
//
//	R  [T,T]  as in AverageFinal; T ≥ 2
//
// Positive: forgotten; negative: the last task improved the others to their best yet. All
// columns but the last are read, above the diagonal too, as the paper has it: a task may
// have been at its best before its own turn. Errors: ErrTooFew, fault.ErrLength, ErrNonFinite,
// fault.ErrSetting for an unknown score.
//
// Source: Chaudhry et al., Riemannian Walk for Incremental Learning, ECCV 2018, section
// 3.3, for accuracy. Not −BackwardTransfer, which compares with the result right after a
// task was learned and so is never larger.
func Forgetting(r [][]float64, score Score) (float64, error) {
	sign, err := score.sign()
	if err != nil {
		return 0, err
	}
	if err := square(results, r, 2); err != nil {
		return 0, err
	}
	t, sum, last := reader{r: r}, 0.0, len(r)-1
	for j := range last {
		best := math.Inf(-1)
		for l := range last {
			best = max(best, sign*t.at(l, j))
		}
		sum += best - sign*t.at(last, j)
	}
	return t.mean(sum, last)
}
