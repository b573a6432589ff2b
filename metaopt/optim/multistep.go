package optim

import (
	"fmt"
	"math"

	"metaplast/data/fault"
)

// MultiStep lowers the learning rate at given meta-steps.
//
//	factor(s) = γⁿ,  n = number of milestones ≤ s
//
// s counts meta-steps from 0, so a milestone of 1000 takes effect on the 1001st update. The
// zero value keeps the factor at 1. PyTorch's MultiStepLR, stepped after each update, is the
// same.
type MultiStep struct {
	Milestones []int   // increasing, each at least 1; none means a constant rate
	Gamma      float64 // factor at each milestone, positive and finite; 0 means 0.1
}

// Validate lists all faults.
func (m MultiStep) Validate() error {
	var f fault.Fields
	for i, at := range m.Milestones {
		path := fmt.Sprintf("milestones[%d]", i)
		f.Check(at >= 1, path, at, "at least 1")
		if i > 0 {
			f.Check(at > m.Milestones[i-1], path, at, fmt.Sprintf("more than %d, the one before", m.Milestones[i-1]))
		}
	}
	f.Check(m.Gamma >= 0 && !math.IsInf(m.Gamma, 0), "gamma", m.Gamma, "a positive number, or 0 for 0.1")
	return f.Join()
}

// Factor returns what multiplies the learning rates in meta-step s.
func (m MultiStep) Factor(s int) float64 {
	f, gamma := 1.0, m.Gamma
	if gamma == 0 {
		gamma = 0.1
	}
	for _, at := range m.Milestones {
		if at <= s {
			f *= gamma
		}
	}
	return f
}
