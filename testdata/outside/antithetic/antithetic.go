// Package antithetic is an estimator of one's own: it needs no derivative.
package antithetic

import (
	"errors"

	"metaplast/data/catalog"
	"metaplast/data/fault"
	"metaplast/data/stream"
	"metaplast/graph"
	"metaplast/metaopt"
)

// Antithetic estimates the gradient from the losses at two places on either side of θ.
//
//	g = (L(θ + σε) − L(θ − σε)) / (2σ) · ε,   ε ~ N(0, I)
//
// Its mean is the gradient of the loss blurred by σ. Parameters that are fixed are not moved.
//
// Source: Salimans et al., arXiv 1703.03864 (2017), with the antithetic pairs of its section 2.1.
type Antithetic struct {
	Sigma float64 `yaml:"sigma"` // σ
}

// Info describes the estimation.
func (Antithetic) Info() catalog.Info {
	return catalog.Info{
		Name:    "antithetic",
		Summary: "evolution strategies with one antithetic pair an episode",
		Formula: "(L(θ + σε) − L(θ − σε)) / (2σ) · ε",
		Source:  "Salimans et al., 2017",
	}
}

// Validate returns all faults of the settings.
func (a Antithetic) Validate() error {
	var f fault.Fields
	f.Check(a.Sigma > 0, "sigma", a.Sigma, "above 0")
	return f.Join()
}

// Configure leaves the gradients out of the graph.
func (Antithetic) Configure(cfg graph.Config) graph.Config {
	cfg.Forward = true
	return cfg
}

// New builds the graph of losses.
func (a Antithetic) New(m *graph.Model) (metaopt.Estimator, error) {
	u, err := m.Unroll()
	return &estimator{a.Sigma, u}, err
}

type estimator struct {
	sigma float64
	u     *graph.Unrolled
}

// Close frees the graph.
func (e *estimator) Close() error { return e.u.Close() }

// Estimate fills w.
func (e *estimator) Estimate(w *metaopt.Work) error {
	if err := errors.Join(e.u.Bind(w.Data.Arrays()), e.u.BindReward(w.Data.Rewards())); err != nil {
		return err
	}
	for i, theta := range w.Theta {
		g := w.Gradient[i]
		clear(g)
		r := stream.New(w.Seed, "antithetic", w.Step, w.Episode)
		for _, p := range e.u.Layout(i) {
			for k := range p.Of(g) {
				if p.Learned {
					p.Of(g)[k] = r.NormFloat64()
				}
			}
		}
		var loss [2]float64
		for side, sign := range []float64{1, -1} {
			moved := make([]float64, len(theta))
			for k, x := range theta {
				moved[k] = x + sign*e.sigma*g[k]
			}
			if err := e.u.SetParams(i, moved); err != nil {
				return err
			}
			if err := e.u.Run(); err != nil {
				return err
			}
			loss[side] = e.u.Loss(i)
		}
		for k := range g {
			g[k] *= (loss[0] - loss[1]) / (2 * e.sigma)
		}
		w.Outcomes[i].Loss = (loss[0] + loss[1]) / 2
	}
	return nil
}
