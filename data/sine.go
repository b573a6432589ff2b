package data

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"gorgonia.org/tensor"

	"metaplast/data/fault"
	"metaplast/data/objective"
	"metaplast/data/stream"
)

var _ Curved = Sine{}

// The orders of a support stream.
const (
	Continual = "continual" // one task after the other
	IID       = "iid"       // all examples shuffled
)

// maxSine bounds the numbers in one episode's inputs: 2²⁷, which is 1 GiB as float64.
const maxSine = 1 << 27

// Wave is one function of the sine task,
//
//	y = A · sin(x + φ)
//
// with the phase added, as in Javed & White's code; that of Finn et al. subtracts it.
type Wave struct {
	Amplitude float64 // A
	Phase     float64 // φ, in radians
}

// At returns the function's value at x.
func (w Wave) At(x float64) float64 { return w.Amplitude * math.Sin(x+w.Phase) }

// Sine is regression on a stream of sine functions. In each episode F functions are drawn
//
//	A = 5 · (U + 0.02)   in [0.1, 5.1)
//	φ = π · U            in [0, π)
//	x = 10 · (U − ½)     in [−5, 5)
//
// each from a U of its own, uniform in [0,1), and the network is told by a one-hot vector
// which of them it sees:
//
//	input   [x, onehot(f, F)]   n_in = 1 + F
//	target  A_f · sin(x + φ_f)  n_out = 1
//	T = Functions · Steps inner steps,  N = Batch,  M = Functions · Query
//
// The order of the support stream is
//
//	continual  Steps steps of function 0, then Steps of function 1, …
//	iid        the same T·N examples as in continual order, shuffled over the whole stream, so
//	           that nearly every step mixes functions
//
// The query set has function 0's examples first, then function 1's, in either order.
//
// What an episode draws, from the one stream of its key, in this sequence: A then φ of every
// function; x of the support examples, function by function and in the order of time; x of the
// query examples, function by function; for iid, the shuffle. So the functions depend only on
// the key, and those of F functions are the first F of more; the examples do not depend on
// Order.
//
// The zero values of Functions, Steps, Batch and Query are illegal; the empty Order is
// Continual. Call Validate before use; Sample refuses what Validate refuses.
//
// Source: Lindsey & Litwin-Kumar, NeurIPS 2020, section on regression (10 functions, 40
// steps, batch 32), after Javed & White, NeurIPS 2019, whose code puts x behind the one-hot
// vector, which makes no difference to a dense network. Not to be confused with the sine task of
// Finn et al., ICML 2017: one function an episode, and no function index.
type Sine struct {
	Functions int    `yaml:"functions" json:"functions"` // F, at least 1
	Steps     int    `yaml:"steps" json:"steps"`         // S, inner steps per function, at least 1
	Batch     int    `yaml:"batch" json:"batch"`         // N, examples per inner step, at least 1
	Query     int    `yaml:"query" json:"query"`         // query examples per function, at least 1
	Order     string `yaml:"order" json:"order"`         // Continual (or empty) or IID
}

// Validate returns all faults, joined: a *fault.Field for every illegal field, and one for the
// sizes together where an episode would hold more than 2²⁷ input values.
func (s Sine) Validate() error {
	var faults []error
	legal := true
	for _, f := range []struct {
		field string
		value int
	}{{"functions", s.Functions}, {"steps", s.Steps}, {"batch", s.Batch}, {"query", s.Query}} {
		if f.value < 1 {
			faults = append(faults, &fault.Field{Path: f.field, Value: f.value, Want: "at least 1"})
			legal = false
		}
	}
	if legal {
		// Functions is checked alone first, so that 1 + Functions cannot overflow.
		for _, c := range []struct {
			fields string
			sizes  []int
		}{
			{"functions × steps × batch", []int{s.Functions, s.Steps, s.Batch}},
			{"functions × query", []int{s.Functions, s.Query}},
		} {
			if !within(maxSine, s.Functions) || !within(maxSine, append(c.sizes, 1+s.Functions)...) {
				faults = append(faults, &fault.Field{Path: c.fields, Value: times(c.sizes),
					Want: fmt.Sprintf("at most %d values in the inputs (examples × (1 + functions))", maxSine)})
			}
		}
	}
	switch s.Order {
	case "", Continual, IID:
	default:
		faults = append(faults, &fault.Field{Path: "order", Value: s.Order, Want: Continual + " or " + IID})
	}
	return errors.Join(faults...)
}

// within tells whether the product of positive sizes is at most limit, without computing it.
func within(limit int, sizes ...int) bool {
	for _, n := range sizes {
		limit /= n
	}
	return limit >= 1
}

// product is sizes as an error shows them. It is formatted without quotes.
type product string

func times(sizes []int) product {
	s := itoa(sizes[0])
	for _, n := range sizes[1:] {
		s += " × " + itoa(n)
	}
	return product(s)
}

// Spec describes the episodes. It does not validate.
func (s Sine) Spec() Spec {
	return Spec{
		Name:    "sine",
		Inputs:  []int{1 + s.Functions},
		Outputs: 1,
		Steps:   s.Functions * s.Steps,
		Batch:   s.Batch,
		Query:   s.Functions * s.Query,
		Loss:    objective.MSE,
	}
}

// Waves returns the functions of an episode, for pictures and reports: those that Sample uses
// for the same arguments.
func (s Sine) Waves(seed uint64, split Split, step, episode uint64) ([]Wave, error) {
	waves, _, err := s.start(seed, split, step, episode)
	return waves, err
}

// Curves are Waves, as reports draw them.
func (s Sine) Curves(seed uint64, split Split, step, episode uint64) ([]Curve, error) {
	waves, err := s.Waves(seed, split, step, episode)
	if err != nil {
		return nil, err
	}
	list := make([]Curve, len(waves))
	for f, w := range waves {
		input := func(x float64) []float64 {
			row := make([]float64, 1+len(waves))
			row[0], row[1+f] = x, 1
			return row
		}
		list[f] = Curve{Axis: "input x (radians)", Low: -5, High: 5, At: w.At, Input: input}
		if s.Order != IID {
			list[f].Taught = (f + 1) * s.Steps
		}
	}
	return list, nil
}

// start draws the functions and returns the stream as it stands after them.
func (s Sine) start(seed uint64, split Split, step, episode uint64) ([]Wave, *rand.Rand, error) {
	if err := s.Validate(); err != nil {
		return nil, nil, err
	}
	purpose, err := Purpose(split, "sine")
	if err != nil {
		return nil, nil, err
	}
	rng := stream.New(seed, purpose, step, episode)
	waves := make([]Wave, s.Functions)
	for i := range waves {
		waves[i].Amplitude = 5 * (rng.Float64() + 0.02)
		waves[i].Phase = math.Pi * rng.Float64()
	}
	return waves, rng, nil
}

// Sample draws an episode. See Sampler for the arguments and Sine for what is drawn.
func (s Sine) Sample(seed uint64, split Split, step, episode uint64) (Episode, error) {
	waves, rng, err := s.start(seed, split, step, episode)
	if err != nil {
		return Episode{}, err
	}
	support := drawSine(rng, waves, s.Steps*s.Batch)
	query := drawSine(rng, waves, s.Query)
	if s.Order == IID {
		rng.Shuffle(len(support.task), support.swap)
	}
	sp := s.Spec()
	return Episode{
		SupportX:    tensor.New(tensor.WithShape(sp.Steps, sp.Batch, support.width), tensor.WithBacking(support.x)),
		SupportY:    tensor.New(tensor.WithShape(sp.Steps, sp.Batch, 1), tensor.WithBacking(support.y)),
		QueryX:      tensor.New(tensor.WithShape(sp.Query, query.width), tensor.WithBacking(query.x)),
		QueryY:      tensor.New(tensor.WithShape(sp.Query, 1), tensor.WithBacking(query.y)),
		SupportTask: support.task,
		QueryTask:   query.task,
	}, nil
}

// sineExamples is a list of examples: rows of x [len,width], y [len] and their functions.
type sineExamples struct {
	x, y  []float64
	task  []int
	width int
}

// drawSine draws n examples of each function.
func drawSine(rng *rand.Rand, waves []Wave, n int) sineExamples {
	e := sineExamples{
		x:     make([]float64, len(waves)*n*(1+len(waves))),
		y:     make([]float64, len(waves)*n),
		task:  make([]int, len(waves)*n),
		width: 1 + len(waves),
	}
	for i := range e.task {
		f := i / n
		// 10·(U−½) and not 10·U−5: a processor that fuses product and sum would round the
		// latter differently, and the same seed gives the same bytes everywhere.
		x := 10 * (rng.Float64() - 0.5)
		e.x[i*e.width] = x
		e.x[i*e.width+1+f] = 1
		e.y[i] = waves[f].At(x)
		e.task[i] = f
	}
	return e
}

// swap exchanges two examples.
func (e sineExamples) swap(i, j int) {
	e.task[i], e.task[j] = e.task[j], e.task[i]
	e.y[i], e.y[j] = e.y[j], e.y[i]
	a, b := e.x[i*e.width:(i+1)*e.width], e.x[j*e.width:(j+1)*e.width]
	for k := range a {
		a[k], b[k] = b[k], a[k]
	}
}
