package measure

import (
	"math"

	"metaplast/data/fault"
)

func isFinite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// finite returns a NonFiniteError for the first element that is not; prefix are the indices
// of x itself.
func finite(what string, x []float64, prefix ...int) error {
	for i, v := range x {
		if !isFinite(v) {
			return &NonFiniteError{What: what, Index: append(append([]int(nil), prefix...), i), Value: v}
		}
	}
	return nil
}

// vector refuses a slice with fewer than need elements or one that is not finite.
func vector(what string, x []float64, need int) error {
	if len(x) < need {
		return &TooFewError{What: "elements of " + what, Got: len(x), Need: need}
	}
	return finite(what, x)
}

// pair refuses two vectors of different lengths, empty ones, and elements that are not finite.
func pair(whatA string, a []float64, whatB string, b []float64) error {
	if len(a) != len(b) {
		return &fault.Length{What: whatB, Got: len(b), Want: len(a)}
	}
	if err := vector(whatA, a, 1); err != nil {
		return err
	}
	return finite(whatB, b)
}

// vectors refuses an empty list, an empty vector, vectors of other lengths than want, or
// than the first where want is 0, and elements that are not finite.
func vectors(what string, list [][]float64, want int) error {
	if len(list) == 0 {
		return &TooFewError{What: what, Got: 0, Need: 1}
	}
	if want == 0 {
		if want = len(list[0]); want == 0 {
			return &TooFewError{What: "elements of " + what, Got: 0, Need: 1}
		}
	}
	for i, v := range list {
		if len(v) != want {
			return &fault.Length{What: what, Index: []int{i}, Got: len(v), Want: want}
		}
		if err := finite(what, v, i); err != nil {
			return err
		}
	}
	return nil
}

// square refuses a table that does not have as many columns in every row as it has rows, or
// fewer than need. It does not look at the elements.
func square(what string, m [][]float64, need int) error {
	if len(m) < need {
		return &TooFewError{What: "rows of " + what, Got: len(m), Need: need}
	}
	for i, row := range m {
		if len(row) != len(m) {
			return &fault.Length{What: "row of " + what, Index: []int{i}, Got: len(row), Want: len(m)}
		}
	}
	return nil
}

// table returns a rows×cols table of zeros.
func table(rows, cols int) [][]float64 {
	m := make([][]float64, rows)
	for i := range m {
		m[i] = make([]float64, cols)
	}
	return m
}
