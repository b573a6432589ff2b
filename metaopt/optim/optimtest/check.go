// Package optimtest checks what every optimiser must do, whatever its formula: one call in the test of an
// optimiser of one's own.
package optimtest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"metaplast/data/catalog"
	"metaplast/graph"
	"metaplast/metaopt/optim"
)

// Check fails the test with each of Faults.
func Check(t testing.TB, m optim.Method) {
	t.Helper()
	for _, err := range Faults(m) {
		t.Error(err)
	}
}

// layout has learned segments of two groups with a fixed one between them.
var layout = []optim.Segment{
	{Name: "W0", Group: graph.Weights, Shape: []int{2, 3}, Offset: 0, Size: 6, Learned: true},
	{Name: "B0", Group: graph.Feedback, Shape: []int{2}, Offset: 6, Size: 2},
	{Name: "alpha0", Group: graph.Plasticity, Shape: []int{}, Offset: 8, Size: 1, Learned: true},
}

var rates = optim.Rates{graph.Weights: 1e-2, graph.Plasticity: 1e-3}

const size = 9

// Faults returns what is wrong with a method:
//
//	described      name, summary, formula and source; vectors with names that can be those of folders
//	settings       valid as they are
//	against g      a first step lowers gᵀθ
//	fixed          parameters and state of fixed segments stay; the gradient is not modified
//	factor 0       parameters do not move
//	resume         one that is restored from the state between two steps goes the same way, bit by bit
//	refused        wrong lengths, NaN and Inf, another's state: an error, and nothing has changed
//	no allocation  in a step
func Faults(m optim.Method) (faults []error) {
	fault := func(check, format string, args ...any) {
		faults = append(faults, fmt.Errorf("optimizer %s: %s: %s", m.Info().Name, check, fmt.Sprintf(format, args...)))
	}
	i := m.Info()
	if catalog.CheckName(i.Name) != nil || i.Summary == "" || i.Formula == "" || i.Source == "" {
		fault("described", "%+v: want every field", i)
	}
	if err := m.Validate(); err != nil {
		fault("settings", "%v", err)
		return faults
	}
	fresh := func() optim.Optimizer {
		o, err := m.New(rates, layout)
		if err != nil {
			fault("new", "%v", err)
			return nil
		}
		return o
	}
	a := fresh()
	if a == nil {
		return faults
	}
	for _, v := range a.State().Vectors {
		if err := catalog.CheckName(v.Name); err != nil || len(v.Values) != size {
			fault("described", "vector %q of %d elements, want a name for a folder and %d: %v", v.Name, len(v.Values), size, err)
			return faults
		}
	}
	if s := a.State(); s.Method != i.Name || s.Step != 0 {
		fault("described", "state of %q after %d steps, want %q and 0", s.Method, s.Step, i.Name)
	}

	rng := rand.New(rand.NewPCG(1, 2))
	grads := make([][]float64, 8)
	for s := range grads {
		g := make([]float64, size)
		for k := range g {
			g[k] = rng.NormFloat64() * math.Pow(10, float64(k%5-2))
		}
		grads[s] = g
	}
	start := []float64{1, -2, 3, -4, 5, -6, 7, 8, 9}
	theta := slices.Clone(start)
	step := func(o optim.Optimizer, theta []float64, from, to int, factor float64) {
		for _, g := range grads[from:to] {
			before := slices.Clone(g)
			if err := o.Step(theta, g, factor); err != nil {
				fault("step", "%v", err)
			}
			if !slices.Equal(g, before) {
				fault("fixed", "the gradient was modified")
			}
		}
	}
	step(a, theta, 0, 1, 1)
	along := 0.0
	for k, g := range grads[0] {
		along += g * (theta[k] - start[k])
	}
	if !(along < 0) {
		fault("against g", "gᵀΔθ is %v after the first step, want it negative", along)
	}
	step(a, theta, 1, 4, 1)
	if theta[6] != start[6] || theta[7] != start[7] {
		fault("fixed", "parameters of the fixed segment are %v, were %v", theta[6:8], start[6:8])
	}
	for _, v := range a.State().Vectors {
		if v.Values[6] != 0 || v.Values[7] != 0 {
			fault("fixed", "%s of the fixed segment is %v, want 0", v.Name, v.Values[6:8])
		}
	}

	b, copied := fresh(), slices.Clone(theta)
	if err := b.Restore(clone(a.State())); err != nil {
		fault("resume", "%v", err)
	}
	step(a, theta, 4, 8, 0.5)
	step(b, copied, 4, 8, 0.5)
	if !slices.Equal(theta, copied) || !equal(a.State(), b.State()) {
		fault("resume", "a restored optimiser goes another way")
	}

	refuse := func(what string, f func() error) {
		state, at := clone(a.State()), slices.Clone(theta)
		if f() == nil {
			fault("refused", "%s: no error", what)
		}
		if !equal(a.State(), state) || !slices.Equal(theta, at) {
			fault("refused", "%s: something has changed", what)
		}
	}
	g := grads[0]
	with := func(v float64) []float64 {
		bad := slices.Clone(g)
		bad[8] = v
		return bad
	}
	refuse("short parameters", func() error { return a.Step(theta[:size-1], g, 1) })
	refuse("long gradient", func() error { return a.Step(theta, append(slices.Clone(g), 0), 1) })
	refuse("NaN", func() error { return a.Step(theta, with(math.NaN()), 1) })
	refuse("Inf", func() error { return a.Step(theta, with(math.Inf(1)), 1) })
	refuse("factor NaN", func() error { return a.Step(theta, g, math.NaN()) })
	refuse("another's state", func() error {
		s := clone(a.State())
		s.Method += "-other"
		return a.Restore(s)
	})
	if len(a.State().Vectors) > 0 {
		refuse("short vector", func() error {
			s := clone(a.State())
			s.Vectors[0].Values = s.Vectors[0].Values[1:]
			return a.Restore(s)
		})
	}
	still := slices.Clone(theta)
	step(a, theta, 0, 1, 0)
	if !slices.Equal(theta, still) {
		fault("factor 0", "parameters move")
	}
	if n := testing.AllocsPerRun(10, func() { _ = a.Step(theta, g, 1) }); n != 0 {
		fault("no allocation", "%v a step", n)
	}
	return faults
}

func clone(s optim.State) optim.State {
	s.Vectors = slices.Clone(s.Vectors)
	for i := range s.Vectors {
		s.Vectors[i].Values = slices.Clone(s.Vectors[i].Values)
	}
	return s
}

func equal(a, b optim.State) bool {
	return a.Step == b.Step && a.Same(b) && slices.EqualFunc(a.Vectors, b.Vectors, func(x, y optim.Vector) bool { return slices.Equal(x.Values, y.Values) })
}
