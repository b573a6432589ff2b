package data

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"

	"gorgonia.org/tensor"

	"metaplast/data/stream"
)

// Teacher draws the episodes of a Planted task. It is safe for concurrent use.
//
// It computes with loops of its own, and shares no code with what unrolls learners: that a learner finds
// the planted rule is a check of both.
type Teacher struct {
	settings Planted

	mu    sync.Mutex
	rules map[uint64]Polynomial // of sparse rules by seed
}

var _ Sampler = (*Teacher)(nil)

// NewTeacher returns the faults of Planted.Validate.
func NewTeacher(p Planted) (*Teacher, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	return &Teacher{settings: p, rules: map[uint64]Polynomial{}}, nil
}

// Lesson is a trajectory of a teacher: an episode with what happened inside.
//
//	Weights   [T+1][Hidden·Inputs]  W_0 before each step, and after the last
//	Activity  [T][N·Hidden]         h in each step, before its update
type Lesson struct {
	Episode
	Weights  [][]float64
	Activity [][]float64
}

// Settings are those of the task.
func (t *Teacher) Settings() Planted { return t.settings }

// Spec describes the episodes.
func (t *Teacher) Spec() Spec { return t.settings.Spec() }

// Sample draws an episode. It fails with ErrUnbounded where the teacher's weights leave [−20,20] again and
// again.
func (t *Teacher) Sample(seed uint64, split Split, step, episode uint64) (Episode, error) {
	l, err := t.Lesson(seed, split, step, episode)
	return l.Episode, err
}

// Lesson is Sample with weights and activities. Inputs are drawn in the order of time, those of the query
// last; of a trajectory in which a weight leaves [−20,20] all are drawn again.
func (t *Teacher) Lesson(seed uint64, split Split, step, episode uint64) (Lesson, error) {
	purpose, err := Purpose(split, "planted")
	if err != nil {
		return Lesson{}, err
	}
	rule, err := t.Rule(seed)
	if err != nil {
		return Lesson{}, err
	}
	rng := stream.New(seed, purpose, step, episode)
	for range trajectoryTries {
		if l, ok := t.settings.lesson(rule, seed, rng); ok {
			return l, nil
		}
	}
	return Lesson{}, fmt.Errorf("data: planted: %w in %d steps: want a smaller rate, fewer steps or another rule", ErrUnbounded, t.settings.Steps)
}

// What is asked of a trajectory.
const (
	trajectoryTries = 100 // that are drawn before it is given up
	trajectoryBound = 20  // of absolute weights
)

// lesson draws a trajectory, and reports whether its weights are bounded.
func (p Planted) lesson(rule Polynomial, seed uint64, rng *rand.Rand) (l Lesson, ok bool) {
	net := p.start(seed)
	l = Lesson{Weights: [][]float64{clone(net.w0)}}
	var x, y []float64
	for range p.Steps {
		inputs := p.draw(rng, p.Batch)
		hidden, outputs := net.answer(inputs)
		x, y = append(x, inputs...), append(y, outputs...)
		net.change(rule, inputs, hidden)
		if !net.within(trajectoryBound) {
			return l, false
		}
		l.Activity, l.Weights = append(l.Activity, hidden), append(l.Weights, clone(net.w0))
	}
	qx := p.draw(rng, p.Query)
	_, qy := net.answer(qx)
	dense := func(values []float64, shape ...int) *tensor.Dense {
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(values))
	}
	l.Episode = Episode{
		SupportX: dense(x, p.Steps, p.Batch, p.Inputs), SupportY: dense(y, p.Steps, p.Batch, p.Outputs),
		QueryX: dense(qx, p.Query, p.Inputs), QueryY: dense(qy, p.Query, p.Outputs),
		SupportTask: make([]int, p.Steps*p.Batch), QueryTask: make([]int, p.Query),
	}
	return l, true
}

// Rule is the planted one of a run with this seed. It fails with ErrUnbounded where no sparse rule with
// bounded weights is found.
func (t *Teacher) Rule(seed uint64) (Polynomial, error) {
	switch t.settings.Rule {
	case PlantedOja:
		return ojaPolynomial, nil
	case PlantedHebb:
		return hebbPolynomial, nil
	case PlantedGiven:
		return PolynomialOf(t.settings.Coefficients)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if rule, ok := t.rules[seed]; ok {
		return rule, nil
	}
	rule, err := t.settings.sparse(seed)
	if err == nil {
		t.rules[seed] = rule
	}
	return rule, err
}

// What is asked of a sparse rule.
const (
	sparseTries        = 1000 // rules that are drawn before it is given up
	sparseTrajectories = 50
	sparseBound        = 4 // of absolute weights
)

// sparse draws the rule of a seed.
func (p Planted) sparse(seed uint64) (Polynomial, error) {
	for try := range uint64(sparseTries) {
		var rule Polynomial
		rng := stream.New(seed, "rule/planted", try, 0)
		for _, k := range rng.Perm(len(rule))[:p.Terms] {
			rule[k] = 0.5 + float64(0.5*rng.Float64())
			if rng.IntN(2) == 0 {
				rule[k] = -rule[k]
			}
		}
		if p.bounded(rule, seed) {
			return rule, nil
		}
	}
	return Polynomial{}, fmt.Errorf("data: planted: %w with each of %d sparse rules of %d terms: want a smaller rate, fewer steps or fewer terms",
		ErrUnbounded, sparseTries, p.Terms)
}

// bounded tries a rule.
func (p Planted) bounded(rule Polynomial, seed uint64) bool {
	for i := range uint64(sparseTrajectories) {
		rng, net := stream.New(seed, "bound/planted", i, 0), p.start(seed)
		for range p.Steps {
			inputs := p.draw(rng, p.Batch)
			hidden, _ := net.answer(inputs)
			net.change(rule, inputs, hidden)
			if !net.within(sparseBound) {
				return false
			}
		}
	}
	return true
}

// draw draws the inputs of n examples.
func (p Planted) draw(rng *rand.Rand, n int) []float64 {
	x := make([]float64, n*p.Inputs)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return x
}

// teaching is a teacher's network at one time.
type teaching struct {
	Planted
	w0, w1 []float64 // [Hidden,Inputs], [Outputs,Hidden]
	phi    func(float64) float64
}

// start has the weights with which a run of this seed starts its learners: the streams and the scale are
// those of graph.Layout.Init.
func (p Planted) start(seed uint64) *teaching {
	initial := func(name string, out, in int) []float64 {
		w, scale, rng := make([]float64, out*in), math.Sqrt(2/float64(in)), stream.New(seed, "init/"+name, 0, 0)
		for i := range w {
			w[i] = scale * rng.NormFloat64()
		}
		return w
	}
	return &teaching{Planted: p, w0: initial("W0", p.Hidden, p.Inputs), w1: initial("W1", p.Outputs, p.Hidden), phi: activations[p.Activation]}
}

var activations = map[string]func(float64) float64{
	"tanh":    math.Tanh,
	"sigmoid": func(z float64) float64 { return 1 / (1 + math.Exp(-z)) },
	"relu":    func(z float64) float64 { return max(z, 0) },
	"linear":  func(z float64) float64 { return z },
}

func teacherActivations() []string { return []string{"tanh", "sigmoid", "relu", "linear"} }

// answer computes h [N,Hidden] and ŷ [N,Outputs] of inputs [N,Inputs].
func (t *teaching) answer(x []float64) (h, y []float64) {
	for n := range len(x) / t.Inputs {
		for i := range t.Hidden {
			h = append(h, t.phi(dot(t.w0[i*t.Inputs:][:t.Inputs], x[n*t.Inputs:])))
		}
		for i := range t.Outputs {
			y = append(y, dot(t.w1[i*t.Hidden:][:t.Hidden], h[n*t.Hidden:]))
		}
	}
	return h, y
}

// within reports whether no plastic weight is larger than a bound.
func (t *teaching) within(bound float64) bool {
	for _, w := range t.w0 {
		if !(math.Abs(w) <= bound) {
			return false
		}
	}
	return true
}

// dot is the product of a with the beginning of b.
func dot(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += float64(v * b[i])
	}
	return sum
}

// change is one step: all synapses change from the activities of one forward pass.
func (t *teaching) change(rule Polynomial, x, h []float64) {
	examples := len(x) / t.Inputs
	for i := range t.Hidden {
		for j := range t.Inputs {
			w, sum := &t.w0[i*t.Inputs+j], 0.0
			for n := range examples {
				sum += rule.Change(x[n*t.Inputs+j], h[n*t.Hidden+i], *w)
			}
			*w += float64(t.Rate * sum / float64(examples))
		}
	}
}

func clone(v []float64) []float64 { return append([]float64(nil), v...) }
