package recovery

import (
	"math"

	"metaplast/metaopt/measure"
)

// Coefficient is one of the rule.
type Coefficient struct {
	Name  string         `json:"name"`
	True  measure.Number `json:"true"`
	Found measure.Number `json:"found"` // in units of the teacher's rate
}

// Result is what was measured of a learner.
type Result struct {
	Coefficients []Coefficient  `json:"coefficients"` // in the order of data.CoefficientNames; nil where the rule has none
	Weights      measure.Number `json:"r2_weights"`   // R², the mean over trajectories
	Activity     measure.Number `json:"r2_activity"`
	Deviance     measure.Number `json:"deviance"` // explained, percent
	Trajectories int            `json:"trajectories"`
	Diverged     int            `json:"diverged"` // those whose weights are not finite, left out of the numbers above
}

// Criterion says which coefficients are found: those that are not 0 to within a share of them, and the
// others to within a number.
type Criterion struct {
	True  float64 // relative error
	False float64 // absolute value
}

// Usual is 5 % and 0.02.
var Usual = Criterion{True: 0.05, False: 0.02}

// TrueError is the largest relative error of the coefficients that are not 0; NaN where there are none.
func (r *Result) TrueError() float64 {
	return r.largest(func(c Coefficient) (float64, bool) {
		return math.Abs(float64(c.Found-c.True) / float64(c.True)), c.True != 0
	})
}

// FalseSize is the largest absolute value found for a coefficient that is 0; NaN where there are none.
func (r *Result) FalseSize() float64 {
	return r.largest(func(c Coefficient) (float64, bool) { return math.Abs(float64(c.Found)), c.True == 0 })
}

func (r *Result) largest(of func(Coefficient) (v float64, counts bool)) float64 {
	most := math.NaN()
	for _, c := range r.Coefficients {
		if v, counts := of(c); counts && !(v <= most) {
			most = v
		}
	}
	return most
}

// Found reports whether all coefficients meet a criterion; a rule without coefficients does not.
func (r *Result) Found(c Criterion) bool {
	meets := func(v, bound float64) bool { return math.IsNaN(v) || v <= bound }
	for _, k := range r.Coefficients {
		if math.IsNaN(float64(k.Found)) {
			return false
		}
	}
	return len(r.Coefficients) > 0 && meets(r.TrueError(), c.True) && meets(r.FalseSize(), c.False)
}

// Support is the share of coefficients that are rightly 0 or not, where those of at most a threshold
// count as 0; NaN where the rule has none.
func (r *Result) Support(threshold float64) float64 {
	right := 0
	for _, c := range r.Coefficients {
		if (math.Abs(float64(c.Found)) > threshold) == (c.True != 0) {
			right++
		}
	}
	return float64(right) / float64(len(r.Coefficients))
}
