package optim

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"metaplast/data/fault"
)

// Part is a learned segment in one step of an optimiser.
//
//	Theta  [Size]   its parameters, to be changed
//	Grad   [Size]   its gradient, finite, of at most 1e150; not to be modified
//	State  [Size]…  its part of each vector that the optimiser remembers, in their order, to be changed
//	Rate            its group's learning rate times the schedule's factor
//	Step            number of this step, t, from 1
type Part struct {
	Segment Segment
	Theta   []float64
	Grad    []float64
	State   [][]float64
	Rate    float64
	Step    uint64
}

// largest is the largest |g| of which the square is finite, with room for a mean of squares.
const largest = 1e150

// segmentwise is what PerSegment returns.
type segmentwise struct {
	state  State
	layout []Segment
	rates  []float64 // per segment; meaningless for fixed ones
	size   int
	step   func(Part)
	parts  [][]float64 // of the segment under way, so that nothing is allocated
}

// PerSegment returns an Optimizer whose step changes each learned segment by itself, with vectors of the
// given names to remember, from 0. It does all but the formula: it checks settings, lengths and gradients,
// leaves fixed segments alone, and keeps the state. Errors of settings are m's, of Rates or of the layout.
//
// Its Step fails, and changes nothing, with a *fault.Length, or with a *NonFiniteError naming the segment
// and element where the gradient is NaN, infinite, or beyond 1e150, where squares would overflow and stop
// that parameter for ever. Cost: one pass over the gradient beside what step does; no allocation.
func PerSegment(m Method, rates Rates, layout []Segment, vectors []string, step func(Part)) (Optimizer, error) {
	if err := errors.Join(rates.Validate(), m.Validate()); err != nil {
		return nil, err
	}
	size, err := Size(layout)
	if err != nil {
		return nil, err
	}
	o := &segmentwise{state: State{Method: m.Info().Name}, layout: slices.Clone(layout), rates: make([]float64, len(layout)),
		size: size, step: step, parts: make([][]float64, len(vectors))}
	for _, name := range vectors {
		o.state.Vectors = append(o.state.Vectors, Vector{Name: name, Values: make([]float64, size)})
	}
	for i, s := range layout {
		r, ok := rates[s.Group]
		if s.Learned && !ok {
			return nil, fmt.Errorf("%w: learning_rate.%s: none, but segment %s is learned", fault.ErrSetting, s.Group, s.Name)
		}
		o.rates[i] = r
	}
	return o, nil
}

func (o *segmentwise) State() State { return o.state }

func (o *segmentwise) Step(theta, grad []float64, factor float64) error {
	if len(theta) != o.size {
		return &fault.Length{What: "parameters", Got: len(theta), Want: o.size}
	}
	if len(grad) != o.size {
		return &fault.Length{What: "gradient", Got: len(grad), Want: o.size}
	}
	if !(factor >= 0) || math.IsInf(factor, 0) {
		return fmt.Errorf("%w: learning rate factor %v, want a finite number from 0", fault.ErrSetting, factor)
	}
	for _, s := range o.layout {
		if !s.Learned {
			continue
		}
		for i, g := range grad[s.Offset:s.End()] {
			if !(math.Abs(g) <= largest) {
				return &NonFiniteError{What: "gradient", Segment: s.Name, Index: i, Value: g}
			}
		}
	}
	o.state.Step++
	for k, s := range o.layout {
		if !s.Learned {
			continue
		}
		lo, hi := s.Offset, s.End()
		for v := range o.parts {
			o.parts[v] = o.state.Vectors[v].Values[lo:hi]
		}
		o.step(Part{Segment: s, Theta: theta[lo:hi], Grad: grad[lo:hi], State: o.parts, Rate: o.rates[k] * factor, Step: o.state.Step})
	}
	return nil
}

func (o *segmentwise) Restore(s State) error {
	if !s.Same(o.state) {
		return fmt.Errorf("%w: the state of optimiser %s, want that of %s", fault.ErrSetting, s.Method, o.state.Method)
	}
	for _, v := range s.Vectors {
		if len(v.Values) != o.size {
			return &fault.Length{What: v.Name, Got: len(v.Values), Want: o.size}
		}
	}
	o.state.Step = s.Step
	for i, v := range s.Vectors {
		copy(o.state.Vectors[i].Values, v.Values)
	}
	return nil
}

// below1 checks that a decay of a running mean is in [0,1).
func below1(f *fault.Fields, name string, value float64) {
	f.Check(value >= 0 && value < 1, name, value, "from 0 and below 1")
}

// from0 checks that a number is finite and not negative.
func from0(f *fault.Fields, name string, value float64) {
	f.Check(value >= 0 && !math.IsInf(value, 0), name, value, "a finite number from 0")
}
