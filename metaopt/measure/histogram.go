package measure

import "math"

// Histogram counts values in bins of equal width.
type Histogram struct {
	Low    float64 `json:"low"`    // range of all bins together
	High   float64 `json:"high"`   //
	Counts []int   `json:"counts"` // bin i holds Edge(i) ≤ v < Edge(i+1); the last bin holds High too
	Below  int     `json:"below"`  // values < Low
	Above  int     `json:"above"`  // values > High
}

// NewHistogram counts values, for example the plasticities α of a layer, in fixed bins.
//
//	Edge(i) = Low + (High − Low)·i/bins,  i = 0 … bins
//
//	values  [n]  finite; n = 0 is legal
//	low, high    finite, low < high
//	bins         at least 1
//
// Values outside of the range are counted in Below and Above, so that all counts add up to
// n. For histograms that are compared, give all the same range: see HistogramRange.
//
// Errors: ErrNonFinite, fault.ErrSetting. Cost: one pass over the values.
func NewHistogram(values []float64, low, high float64, bins int) (Histogram, error) {
	if bins < 1 {
		return Histogram{}, &SettingError{Field: "bins", Value: bins, Want: "at least 1"}
	}
	if !(low < high) || !isFinite(high-low) { // an infinite end makes the width infinite
		return Histogram{}, &SettingError{Field: "range", Value: [2]float64{low, high}, Want: "low < high and a finite width"}
	}
	if err := finite("values", values); err != nil {
		return Histogram{}, err
	}
	h := Histogram{Low: low, High: high, Counts: make([]int, bins)}
	for _, v := range values {
		switch {
		case v < low:
			h.Below++
		case v > high:
			h.Above++
		default:
			h.Counts[h.bin(v)]++
		}
	}
	return h, nil
}

// bin finds the bin of a value within the range. The quotient may be off by one where v is
// close to an edge: the edges decide.
func (h Histogram) bin(v float64) int {
	last := len(h.Counts) - 1
	i := min(last, int((v-h.Low)/(h.High-h.Low)*float64(len(h.Counts))))
	for i > 0 && v < h.Edge(i) {
		i--
	}
	for i < last && v >= h.Edge(i+1) {
		i++
	}
	return i
}

// Edge returns the lower edge of bin i, or High for i = len(Counts).
func (h Histogram) Edge(i int) float64 {
	if i == len(h.Counts) {
		return h.High
	}
	return h.Low + float64((h.High-h.Low)*(float64(i)/float64(len(h.Counts))))
}

// HistogramRange returns the least and the greatest value of all sets together, so that
// their histograms can share bins. Where all values are equal to v, as α is at the start, it
// returns a range around v: v ∓ ½, or v ∓ |v|/2 if that is wider.
//
// Errors: ErrTooFew where there is no value at all, ErrNonFinite with the index of set and
// element.
func HistogramRange(sets ...[]float64) (low, high float64, err error) {
	low, high = math.Inf(1), math.Inf(-1)
	for k, set := range sets {
		if err := finite("values of sets", set, k); err != nil {
			return 0, 0, err
		}
		for _, v := range set {
			low, high = min(low, v), max(high, v)
		}
	}
	if low > high {
		return 0, 0, &TooFewError{What: "values", Got: 0, Need: 1}
	}
	if low == high {
		half := max(0.5, math.Abs(low)/2)
		low, high = low-half, high+half
	}
	return low, high, nil
}
