package metaopt

import (
	"errors"
	"math"

	"metaplast/data"
	"metaplast/data/catalog"
	"metaplast/graph"
)

// Estimator computes a gradient of the outer loss, an episode at a time. Every worker has one of its own.
type Estimator interface {
	// Estimate fills the gradients and outcomes of w, for every learner. An error ends the run; an episode
	// that diverges is none, see Outcome.
	Estimate(w *Work) error
	// Close frees what the estimator holds.
	Close() error
}

// Work is an episode, the meta-parameters at which gradients are wanted, and room for the answers.
type Work struct {
	Seed     uint64 // of the run: with Step and Episode, the key of random streams
	Step     uint64 // meta-step, from 0
	Episode  uint64 // of the meta-step, from 0
	Data     data.Episode
	Theta    [][]float64 // [len θ] by learner, not to be modified
	Gradient [][]float64 // [len θ] by learner, to be filled, with 0 where a parameter is fixed
	Outcomes []Outcome   // by learner, to be filled
}

// Outcome is how an episode ended for a learner.
type Outcome struct {
	Loss     float64
	Diverged string // where loss or gradient was NaN, infinite or too large; empty if neither was
}

// Estimation makes estimators of one kind. It is a value whose fields are the settings, and is not changed.
type Estimation interface {
	// Info describes the estimation to readers.
	Info() catalog.Info
	// Validate returns all faults of the settings, or nil.
	Validate() error
	// Configure returns the configuration that is unrolled, from which memory is planned.
	Configure(cfg graph.Config) graph.Config
	// New returns an estimator for what Configure returned. It is called once for each worker.
	New(m *graph.Model) (Estimator, error)
}

var estimations = catalog.Of[Estimation]("estimator", Exact{}, DefaultTruncated)

// Estimations returns every registered estimation, with the settings that it has by default.
func Estimations() []Estimation { return estimations.All() }

// RegisterEstimation adds an estimation, so that settings can name it, on the terms of catalog.Catalog.
func RegisterEstimation(e Estimation) error { return estimations.Register(e) }

// LookupEstimation returns the estimation of a name, or a suggest.UnknownError that names the nearest one.
func LookupEstimation(name string) (Estimation, error) { return estimations.Lookup(name) }

// Exact differentiates through the whole unrolled episode. It has no settings.
type Exact struct{}

// Info describes the estimation.
func (Exact) Info() catalog.Info {
	return catalog.Info{
		Name:    "exact",
		Summary: "the derivative of the outer loss through all inner steps",
		Formula: "dL(W(T)) / dθ",
		Source:  "Finn, Abbeel & Levine, ICML 2017",
	}
}

// Validate returns nil.
func (Exact) Validate() error { return nil }

// Configure returns cfg.
func (Exact) Configure(cfg graph.Config) graph.Config { return cfg }

// New unrolls the episode.
func (Exact) New(m *graph.Model) (Estimator, error) { return unroll(m) }

// unrolled is an episode's graph as an estimator.
type unrolled struct {
	u    *graph.Unrolled
	lost []bool // by learner
}

func unroll(m *graph.Model) (Estimator, error) {
	u, err := m.Unroll()
	if err != nil {
		return nil, err
	}
	return &unrolled{u: u, lost: make([]bool, u.Learners())}, nil
}

// Graph is what is run.
func (e *unrolled) Graph() *graph.Unrolled { return e.u }

func (e *unrolled) Close() error { return e.u.Close() }

func (e *unrolled) Estimate(w *Work) error {
	if err := errors.Join(e.u.Bind(w.Data.Arrays()), e.u.BindReward(w.Data.Rewards())); err != nil {
		return err
	}
	for i, theta := range w.Theta {
		if err := e.u.SetParams(i, theta); err != nil {
			return err
		}
	}
	if err := e.u.Run(); err != nil {
		return err
	}
	// All gradients are read before a diagnosis runs the graph again.
	for i, g := range w.Gradient {
		ok := e.u.Gradient(i, g)
		w.Outcomes[i] = Outcome{Loss: e.u.Loss(i)}
		e.lost[i] = !ok
	}
	for i, lost := range e.lost {
		if !lost {
			continue
		}
		d, err := e.u.Diagnose(i)
		if err != nil {
			return err
		}
		w.Outcomes[i].Diverged = tooLarge
		if d != nil {
			w.Outcomes[i].Diverged = d.Error()
		}
	}
	return nil
}

// maxGradient is the largest element that a finite gradient may have: optimisers square it.
const maxGradient = 1e150

// tooLarge says that nothing was NaN or Inf, and the gradient of no use all the same.
const tooLarge = "a gradient larger than 1e+150"

func largest(g []float64) float64 {
	m := 0.0
	for _, v := range g {
		m = math.Max(m, math.Abs(v))
	}
	return m
}
