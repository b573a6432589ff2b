package optim

import (
	"errors"
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
	var faults []error
	for i, at := range m.Milestones {
		if at < 1 {
			faults = append(faults, fmt.Errorf("%w: milestones[%d]: %d, want at least 1", fault.ErrSetting, i, at))
		}
		if i > 0 && at <= m.Milestones[i-1] {
			faults = append(faults, fmt.Errorf("%w: milestones[%d]: %d after %d, want increasing ones",
				fault.ErrSetting, i, at, m.Milestones[i-1]))
		}
	}
	if !(m.Gamma >= 0) || math.IsInf(m.Gamma, 0) {
		faults = append(faults, fmt.Errorf("%w: gamma: %v, want a positive number, or 0 for 0.1", fault.ErrSetting, m.Gamma))
	}
	return errors.Join(faults...)
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
