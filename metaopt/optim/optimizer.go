package optim

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"metaplast/data/catalog"
	"metaplast/data/fault"
	"metaplast/graph"
)

// Optimizer improves the meta-parameters of one learner. It is not for use from several goroutines at
// once. PerSegment makes one out of what happens in a single segment.
type Optimizer interface {
	// Step takes one step: it updates theta [len θ], and what State returns, in place. grad [len θ] is
	// the gradient of the outer loss: θ moves against it. It is not modified, and its values in fixed
	// segments are not looked at. factor, from the schedule, multiplies every learning rate. On error
	// nothing has changed.
	Step(theta, grad []float64, factor float64) error
	// State returns all that is remembered from one step to the next. It shares memory with the
	// optimiser, and always has the same vectors in the same order.
	State() State
	// Restore makes State a copy of s, as read from a checkpoint.
	Restore(s State) error
}

// State is all that an Optimizer remembers from one step to the next.
type State struct {
	Method  string   // name of the Method that made it
	Step    uint64   // number of steps taken, t
	Vectors []Vector // with names that differ
}

// Vector is a part of a State with the layout of θ.
type Vector struct {
	Name   string    // such as "adam_m"; a word as catalog.CheckName takes it
	Values []float64 // [len θ], 0 in fixed segments
}

// Same reports whether two states are of the same method, with vectors of the same names.
func (s State) Same(o State) bool {
	return s.Method == o.Method && slices.EqualFunc(s.Vectors, o.Vectors, func(a, b Vector) bool { return a.Name == b.Name })
}

// String names the method and its vectors.
func (s State) String() string {
	if s.Method == "" {
		return "no optimiser"
	}
	var names []string
	for _, v := range s.Vectors {
		names = append(names, v.Name)
	}
	return fmt.Sprintf("%s %v", s.Method, names)
}

// Method makes optimisers of one kind. It is a value whose fields are the method's settings, and is not
// changed.
type Method interface {
	// Info describes the method to readers.
	Info() catalog.Info
	// Validate returns all faults of the settings, or nil.
	Validate() error
	// New returns an optimiser that has taken no step yet, for parameters of the given layout. It fails on
	// invalid settings, rates or layout, and where a learned segment's group has no rate.
	New(rates Rates, layout []Segment) (Optimizer, error)
}

var methods = catalog.Of[Method]("optimizer", DefaultAdam, DefaultAdamW, DefaultSGD, DefaultLion)

// Methods returns every registered method, with the settings that it has by default.
func Methods() []Method { return methods.All() }

// Register adds a method, so that settings can name it, on the terms of catalog.Catalog. The value's
// settings are the defaults.
func Register(m Method) error { return methods.Register(m) }

// Lookup returns the method of a name, or a suggest.UnknownError that names the nearest one.
func Lookup(name string) (Method, error) { return methods.Lookup(name) }

// Rates are the learning rates by group, finite and not negative. Every group with a learned segment needs
// one; those for groups that a learner lacks are ignored. With rate 0 an optimiser goes on remembering, and
// the parameters do not move.
type Rates map[string]float64

// Validate lists all faults.
func (r Rates) Validate() error {
	var faults []error
	for _, g := range slices.Sorted(maps.Keys(r)) {
		if !slices.Contains(graph.Groups(), g) {
			faults = append(faults, fmt.Errorf("%w: learning_rate.%s: no such group, want one of %s",
				fault.ErrSetting, g, strings.Join(graph.Groups(), ", ")))
		}
		if v := r[g]; !(v >= 0) || math.IsInf(v, 0) {
			faults = append(faults, fmt.Errorf("%w: learning_rate.%s: %v, want a finite number from 0", fault.ErrSetting, g, v))
		}
	}
	return errors.Join(faults...)
}
