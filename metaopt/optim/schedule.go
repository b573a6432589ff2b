package optim

import (
	"math"

	"metaplast/data/fault"
)

// Schedule is how learning rates change during a run.
type Schedule interface {
	// Validate returns all faults, or nil.
	Validate() error
	// Factor is what multiplies the learning rates in meta-step s, counted from 0: finite, not negative, a
	// function of s alone, so that a run that is resumed or extended goes on as one that was not.
	Factor(s int) float64
}

// Constant keeps the learning rates.
type Constant struct{}

// Validate returns nil.
func (Constant) Validate() error { return nil }

// Factor is 1.
func (Constant) Factor(int) float64 { return 1 }

// Cosine lowers the learning rates along half a period of a cosine.
//
//	factor(s) = φ + (1 − φ) (1 + cos(π s / S)) / 2  for s < S, then φ
//
// Steps S is the schedule's own, not that of the run: a run that is extended goes on at φ.
//
// Source: Loshchilov & Hutter, ICLR 2017 (arXiv 1608.03983), equation 5, without restarts.
type Cosine struct {
	Steps int     // S, at least 1
	Final float64 // φ, from 0 to 1
}

// Validate lists all faults.
func (c Cosine) Validate() error {
	var f fault.Fields
	f.Check(c.Steps >= 1, "steps", c.Steps, "at least 1 meta-step from the first rate to the last")
	f.Check(c.Final >= 0 && c.Final <= 1, "final", c.Final, "from 0 to 1")
	return f.Join()
}

// Factor returns what multiplies the learning rates in meta-step s.
func (c Cosine) Factor(s int) float64 {
	if s >= c.Steps {
		return c.Final
	}
	return c.Final + float64((1-c.Final)*(1+math.Cos(float64(math.Pi*float64(s))/float64(c.Steps)))/2)
}

// WarmUp raises the learning rates in a straight line, on top of another schedule, whose meta-steps stay
// what they are.
//
//	factor(s) = min(1, (s + 1) / (W + 1)) · then(s)
type WarmUp struct {
	Steps int      // W, from 0
	Then  Schedule // nil means Constant
}

// Validate lists all faults.
func (w WarmUp) Validate() error {
	var f fault.Fields
	f.Check(w.Steps >= 0 && w.Steps <= 1<<40, "warm_up", w.Steps, "from 0 to 1099511627776 meta-steps")
	if err := w.then().Validate(); err != nil {
		f = append(f, err)
	}
	return f.Join()
}

func (w WarmUp) then() Schedule {
	if w.Then == nil {
		return Constant{}
	}
	return w.Then
}

// Factor returns what multiplies the learning rates in meta-step s.
func (w WarmUp) Factor(s int) float64 {
	f := w.then().Factor(s)
	if s < w.Steps {
		f *= float64(s+1) / float64(w.Steps+1)
	}
	return f
}
