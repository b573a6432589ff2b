// Package stairs is a task of one's own: regression on functions that are constant in pieces.
package stairs

import (
	"context"
	"math"

	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/data/catalog"
	"metaplast/data/fault"
	"metaplast/data/objective"
	"metaplast/data/stream"
)

// Stairs teaches, in each episode, one function with so many levels between 0 and 1.
//
//	input   [x]  x = U in [0, 1)          n_in = 1
//	target  L_k, k = ⌊x · Levels⌋         n_out = 1
//	L_k = 2 U − 1, from a U of its own
type Stairs struct {
	Levels int `yaml:"levels" range:"at least 2" about:"stairs: pieces of a function"`
	Steps  int `yaml:"steps" range:"at least 1" about:"stairs: inner steps"`
	Batch  int `yaml:"batch" range:"at least 1" about:"stairs: examples of an inner step"`
	Query  int `yaml:"query" range:"at least 1" about:"stairs: query examples"`
}

var (
	_ data.Task   = Stairs{}
	_ data.Curved = Stairs{}
)

// Info describes the task.
func (Stairs) Info() catalog.Info {
	return catalog.Info{Name: "stairs", Summary: "functions that are constant in pieces", Formula: "y = L[⌊x · levels⌋]"}
}

// Validate says what is wrong with the settings.
func (s Stairs) Validate() error {
	var f fault.Fields
	f.Check(s.Levels >= 2, "levels", s.Levels, "at least 2")
	f.Check(s.Steps >= 1, "steps", s.Steps, "at least 1")
	f.Check(s.Batch >= 1, "batch", s.Batch, "at least 1")
	f.Check(s.Query >= 1, "query", s.Query, "at least 1")
	return f.Join()
}

// Spec describes the episodes.
func (s Stairs) Spec() data.Spec {
	return data.Spec{Name: "stairs", Inputs: []int{1}, Outputs: 1, Steps: s.Steps, Batch: s.Batch, Query: s.Query, Loss: objective.MSE}
}

// Sampler returns the episodes: the value itself.
func (s Stairs) Sampler(context.Context) (data.Sampler, error) { return s, nil }

// Scoring is that of any regression.
func (s Stairs) Scoring() data.Scoring { return data.ScoringOf(s.Spec()) }

// Sample draws an episode.
func (s Stairs) Sample(seed uint64, split data.Split, step, episode uint64) (data.Episode, error) {
	at, draw, err := s.start(seed, split, step, episode)
	if err != nil {
		return data.Episode{}, err
	}
	examples := func(n int, shape ...int) (x, y *tensor.Dense) {
		xs, ys := make([]float64, n), make([]float64, n)
		for i := range xs {
			xs[i] = draw()
			ys[i] = at(xs[i])
		}
		shape = append(shape, 1)
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(xs)), tensor.New(tensor.WithShape(shape...), tensor.WithBacking(ys))
	}
	e := data.Episode{SupportTask: make([]int, s.Steps*s.Batch), QueryTask: make([]int, s.Query)}
	e.SupportX, e.SupportY = examples(s.Steps*s.Batch, s.Steps, s.Batch)
	e.QueryX, e.QueryY = examples(s.Query, s.Query)
	return e, nil
}

// Curves is the function of an episode, for its report.
func (s Stairs) Curves(seed uint64, split data.Split, step, episode uint64) ([]data.Curve, error) {
	at, _, err := s.start(seed, split, step, episode)
	return []data.Curve{{Axis: "input x", High: 1, At: at, Input: func(x float64) []float64 { return []float64{x} }, Taught: s.Steps}}, err
}

// start draws the function, and returns what draws its examples.
func (s Stairs) start(seed uint64, split data.Split, step, episode uint64) (at func(float64) float64, draw func() float64, err error) {
	purpose, err := data.Purpose(split, "stairs")
	if err != nil {
		return nil, nil, err
	}
	rng := stream.New(seed, purpose, step, episode)
	levels := make([]float64, s.Levels)
	for i := range levels {
		levels[i] = 2*rng.Float64() - 1
	}
	at = func(x float64) float64 { return levels[min(int(math.Floor(x*float64(s.Levels))), s.Levels-1)] }
	return at, rng.Float64, nil
}
