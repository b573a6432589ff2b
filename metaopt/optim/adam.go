package optim

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"metaplast/data/fault"
	"metaplast/graph"
)

// AdamConfig sets an Adam. Zero values mean the defaults of the paper, which hence cannot be
// asked for by zero: Beta1 = 0 is 0.9, not "no momentum".
type AdamConfig struct {
	// Rates gives the learning rate of each group, finite and not negative. Every group
	// with a learned segment needs one; those for groups that a learner lacks are ignored.
	// With rate 0 the moments are kept and the parameters do not move.
	Rates map[string]float64
	Beta1 float64 // decay of the mean, in (0,1); 0 means 0.9
	Beta2 float64 // decay of the mean square, in (0,1); 0 means 0.999
	Eps   float64 // added to the root, positive; 0 means 1e-8
}

// Validate lists all faults of the configuration.
func (c AdamConfig) Validate() error {
	var faults []error
	groups := make([]string, 0, len(c.Rates))
	for g := range c.Rates {
		groups = append(groups, g)
	}
	sort.Strings(groups)
	for _, g := range groups {
		if !slices.Contains(graph.Groups(), g) {
			faults = append(faults, fmt.Errorf("%w: learning_rate.%s: no such group, want one of %s",
				fault.ErrSetting, g, strings.Join(graph.Groups(), ", ")))
		}
		if r := c.Rates[g]; !(r >= 0) || math.IsInf(r, 0) {
			faults = append(faults, fmt.Errorf("%w: learning_rate.%s: %v, want a finite number from 0", fault.ErrSetting, g, r))
		}
	}
	for _, b := range []struct {
		name  string
		value float64
	}{{"beta1", c.Beta1}, {"beta2", c.Beta2}} {
		if !(b.value >= 0 && b.value < 1) {
			faults = append(faults, fmt.Errorf("%w: %s: %v, want in (0,1), or 0 for the default", fault.ErrSetting, b.name, b.value))
		}
	}
	if !(c.Eps >= 0) || math.IsInf(c.Eps, 0) {
		faults = append(faults, fmt.Errorf("%w: eps: %v, want a positive number, or 0 for the default", fault.ErrSetting, c.Eps))
	}
	return errors.Join(faults...)
}

// AdamState is all that an Adam remembers from one step to the next.
//
//	Step  number of steps taken, t
//	M, V  [len θ] running mean of the gradient and of its square; 0 in fixed segments
type AdamState struct {
	Step uint64
	M, V []float64
}

// Adam adapts the step of every parameter to the mean and the scatter of its gradient.
//
//	t ← t + 1
//	m ← β₁ m + (1 − β₁) g
//	v ← β₂ v + (1 − β₂) g²
//	θ ← θ − r (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
//
//	g     [len θ]  gradient of the outer loss: θ moves against it
//	m, v  [len θ]  State.M and State.V, from 0
//	r              the group's learning rate times the schedule's factor
//
// So the first step is r·sign(g) wherever |g| ≫ ε. Only learned segments change. An Adam
// belongs to one learner; it is not for use from several goroutines at once.
//
// Cost: one pass over θ, g, m and v with a root and two divisions per element, after one pass
// over g that looks for non-finite values. No allocation.
//
// Source: Kingma & Ba, ICLR 2015 (arXiv 1412.6980), Algorithm 1. Not the variant at the end of
// its section 2, with ε inside the corrected root (“ε-hat”), and not AdamW: no weight decay.
type Adam struct {
	State AdamState // exported for checkpoints; change it by Restore

	layout            []Segment
	rates             []float64 // per segment; meaningless for fixed ones
	beta1, beta2, eps float64
	size              int
	largest           float64 // |g| from which g² is not finite, with room for the mean
}

// NewAdam returns an Adam with State zero for parameters of the given layout. It fails on an
// invalid configuration or layout, and where a learned segment's group has no rate.
func NewAdam(c AdamConfig, layout []Segment) (*Adam, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	size, err := Size(layout)
	if err != nil {
		return nil, err
	}
	a := &Adam{
		State:   AdamState{M: make([]float64, size), V: make([]float64, size)},
		layout:  slices.Clone(layout),
		rates:   make([]float64, len(layout)),
		beta1:   orDefault(c.Beta1, 0.9),
		beta2:   orDefault(c.Beta2, 0.999),
		eps:     orDefault(c.Eps, 1e-8),
		size:    size,
		largest: 1e150,
	}
	for i, s := range layout {
		r, ok := c.Rates[s.Group]
		if s.Learned && !ok {
			return nil, fmt.Errorf("%w: learning_rate.%s: none, but segment %s is learned", fault.ErrSetting, s.Group, s.Name)
		}
		a.rates[i] = r
	}
	return a, nil
}

func orDefault(v, d float64) float64 {
	if v == 0 {
		return d
	}
	return v
}

// Step takes one step: it updates State and theta in place. Factor, from the schedule,
// multiplies every learning rate. The gradient is not modified; its values in fixed segments
// are not looked at.
//
// On error nothing has changed: a *fault.Length, or a *NonFiniteError naming the segment and
// element where the gradient is NaN, infinite, or beyond 1e150, where v would overflow and
// stop that parameter for ever.
func (a *Adam) Step(theta, grad []float64, factor float64) error {
	if len(theta) != a.size {
		return &fault.Length{What: "parameters", Got: len(theta), Want: a.size}
	}
	if len(grad) != a.size {
		return &fault.Length{What: "gradient", Got: len(grad), Want: a.size}
	}
	if !(factor >= 0) || math.IsInf(factor, 0) {
		return fmt.Errorf("%w: learning rate factor %v, want a finite number from 0", fault.ErrSetting, factor)
	}
	for _, s := range a.layout {
		if !s.Learned {
			continue
		}
		for i, g := range grad[s.Offset:s.End()] {
			if !(math.Abs(g) <= a.largest) {
				return &NonFiniteError{What: "gradient", Segment: s.Name, Index: i, Value: g}
			}
		}
	}

	a.State.Step++
	t := float64(a.State.Step)
	c1, c2 := 1-math.Pow(a.beta1, t), 1-math.Pow(a.beta2, t)
	for k, s := range a.layout {
		if !s.Learned {
			continue
		}
		lo, hi := s.Offset, s.End()
		th, m, v := theta[lo:hi], a.State.M[lo:hi], a.State.V[lo:hi]
		rate := a.rates[k] * factor
		for i, g := range grad[lo:hi] {
			// The conversions forbid fused multiply-add: the same bits on every processor.
			m[i] = float64(a.beta1*m[i]) + float64((1-a.beta1)*g)
			v[i] = float64(a.beta2*v[i]) + float64((1-a.beta2)*float64(g*g))
			th[i] -= float64(rate * (m[i] / c1) / (math.Sqrt(v[i]/c2) + a.eps))
		}
	}
	return nil
}

// Restore sets State to a copy of s, as read from a checkpoint.
func (a *Adam) Restore(s AdamState) error {
	if len(s.M) != a.size {
		return &fault.Length{What: "first moments", Got: len(s.M), Want: a.size}
	}
	if len(s.V) != a.size {
		return &fault.Length{What: "second moments", Got: len(s.V), Want: a.size}
	}
	a.State.Step = s.Step
	copy(a.State.M, s.M)
	copy(a.State.V, s.V)
	return nil
}
