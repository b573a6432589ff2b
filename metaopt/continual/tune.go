package continual

import (
	"context"
	"fmt"
	"math"
	"slices"

	"metaplast/data/fault"
	"metaplast/graph"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
	"metaplast/rules"
)

// Factors are what Tune tries where nothing else is asked for.
var Factors = []float64{0.01, 0.03, 0.1, 0.3, 1, 3}

// What Tune changes.
const (
	InnerRate   = "inner rate"   // of gradient learners, in every layer
	HiddenScale = "hidden scale" // of the others: κ, in every plastic layer but the last
)

// Tuning is how a learner's rate was chosen.
type Tuning struct {
	Learner  string
	Setting  string             // InnerRate or HiddenScale
	Factors  []float64          // tried, increasing
	Accuracy []measure.Interval // by factor: on held-out drawings
	Right    []int              // by factor: right answers on them, of the same number asked
	Factor   float64            // chosen
}

// tuning is the set of streams that Tune looks at.
const tuning = 1

// Tune chooses a factor on one rate of every learner: the one with the most right answers on
// held-out drawings over runs of a stream, of equal ones that nearest to 1, of two as near the
// smaller. It returns the plan with the rates chosen.
//
// The streams are others than those of Trajectories: drawn anew from the classes of the split, with
// drawings, order and units of their own. So what Trajectories reports is never the maximum that was
// selected, not even on the split that rates were chosen on. Its classes are the same there, and the
// choice may suit them: the split should be that of validation, and what is published be measured on
// classes that nothing was chosen on, those of the meta-test.
//
//	inner_lr     ← factor·inner_lr     gradient learners of plasticity none: a constant rate
//	α            ← factor·α            those with a rate that is learned, of every granularity
//	hidden_scale ← factor·hidden_scale learners of another signal
//
// Steps that suit the streams of meta-training are too large for longer ones: a gradient learner
// overwrites what it knew, which is why the papers tune its rate for every length of stream, and
// the hidden layers of a local rule drift away from under the output layer, whose own rate is none
// to be changed: it is the window over which a class is averaged. Every learner has the same number
// of trials. One without a plastic hidden layer is left as it is.
//
// Source: Javed & White, NeurIPS 2019, section 5; Beaulieu et al. (ANML), ECAI 2020, for gradient
// learners.
func (p Plan) Tune(ctx context.Context, s Stream, runs int, factors []float64) (Plan, []Tuning, error) {
	for _, f := range factors {
		if !(f > 0) || math.IsInf(f, 0) {
			return p, nil, fmt.Errorf("%w: factor %v on an inner rate, want a positive number", fault.ErrSetting, f)
		}
	}
	if err := p.check(runs); err != nil {
		return p, nil, err
	}
	factors = slices.Compact(slices.Sorted(slices.Values(factors)))
	tuned, trial := p, p
	tuned.Subjects, trial.Subjects = slices.Clone(p.Subjects), nil
	var which []int
	for i, l := range p.Subjects {
		if setting(l) == HiddenScale && !hidden(l) {
			continue
		}
		which = append(which, i)
		for _, f := range factors {
			faster, err := scaled(l, f)
			if err != nil {
				return p, nil, err
			}
			faster.Name = fmt.Sprintf("%s × %v", l.Name, f)
			trial.Subjects = append(trial.Subjects, faster)
		}
	}
	if len(which) == 0 || len(factors) == 0 {
		return p, nil, nil
	}
	s.set = tuning
	results, err := trial.Trajectories(ctx, []Stream{s}, runs)
	if err != nil {
		return p, nil, err
	}
	var how []Tuning
	for k, i := range which {
		t := Tuning{Learner: p.Subjects[i].Name, Setting: setting(p.Subjects[i]), Factors: factors}
		for j := range factors {
			r := results[0][k*len(factors)+j]
			t.Accuracy, t.Right = append(t.Accuracy, r.HeldOutInterval()), append(t.Right, r.Right)
		}
		t.choose()
		if tuned.Subjects[i], err = scaled(p.Subjects[i], t.Factor); err != nil {
			return p, nil, err
		}
		how = append(how, t)
	}
	return tuned, how, nil
}

// choose takes the best factor. It compares counts: means of the same number of right answers may
// differ in their last bit, by the order in which shares were added.
func (t *Tuning) choose() {
	// As far from 1 as 1/f is f; logarithms of such a pair may differ by rounding.
	distance := func(f float64) float64 { return math.Round(math.Abs(math.Log(f))*1e9) / 1e9 }
	best := 0
	for i, n := range t.Right {
		if n > t.Right[best] || n == t.Right[best] && distance(t.Factors[i]) < distance(t.Factors[best]) {
			best = i
		}
	}
	t.Factor = t.Factors[best]
}

// setting is what is changed of a learner.
func setting(s evaluate.Subject) string {
	if s.Learner().Signal == rules.Gradient {
		return InnerRate
	}
	return HiddenScale
}

// hidden tells whether a learner has a plastic layer below the last.
func hidden(s evaluate.Subject) bool {
	plastic := s.Graph.Network.Plastic(s.Learner())
	return slices.Contains(plastic[:len(plastic)-1], true)
}

// scaled is a learner at f times its rate.
func scaled(s evaluate.Subject, f float64) (evaluate.Subject, error) {
	s.Graph.Learners, s.Theta = slices.Clone(s.Graph.Learners), slices.Clone(s.Theta)
	l := &s.Graph.Learners[0].Learner
	switch {
	case setting(s) == HiddenScale:
		l.HiddenScale *= f
		return s, nil
	case l.Plasticity == graph.PerNone:
		l.InnerLR *= f
		return s, nil
	}
	layout, err := graph.NewLayout(s.Graph.Network, *l)
	if err != nil {
		return s, err
	}
	if len(s.Theta) != layout.Total() {
		return s, &fault.Length{What: "meta-parameters of " + s.Name, Got: len(s.Theta), Want: layout.Total()}
	}
	for _, a := range layout {
		if a.Group != graph.Plasticity {
			continue
		}
		for j := range a.Of(s.Theta) {
			a.Of(s.Theta)[j] *= f
		}
	}
	return s, nil
}
