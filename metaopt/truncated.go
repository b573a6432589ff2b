package metaopt

import (
	"metaplast/data/catalog"
	"metaplast/data/fault"
	"metaplast/graph"
)

// Truncated differentiates through the last K inner steps only, as truncated backpropagation through time
// does. Before them the gradient is stopped:
//
//	W(T−K) = W(0) + sg(W(T−K) − W(0))      sg stops the gradient
//
// so that initial weights learn from the last K steps and the query as if the steps before had added
// constants to them, while plasticity, feedback and strength learn from what they do in the last K steps.
// The loss is that of the whole episode, bit by bit. With K of at least T it is Exact; as K falls to 0 the
// gradient by the initial weights becomes the first-order one.
//
// It is biased: what a change in an early step does to later ones is left out, which docs/mathematics.md
// has measurements of. Memory and time of the reverse pass grow with K; the forward pass stays.
//
// Source: Williams & Peng, Neural Comput. 2 (1990) 490-501; for meta-gradients Shaban et al., AISTATS 2019.
type Truncated struct {
	Steps int `yaml:"steps" range:"at least 1" about:"K, the last inner steps that the gradient goes through"`
}

// DefaultTruncated goes through ten steps.
var DefaultTruncated = Truncated{Steps: 10}

// Info describes the estimation.
func (Truncated) Info() catalog.Info {
	return catalog.Info{
		Name:    "truncated",
		Summary: "the derivative through the last inner steps only",
		Formula: "dL(W(T)) / dθ with W(T−K) = W(0) + sg(W(T−K) − W(0))",
		Source:  "Shaban et al., AISTATS 2019",
	}
}

// Validate returns all faults of the settings.
func (e Truncated) Validate() error {
	var f fault.Fields
	f.Check(e.Steps >= 1, "steps", e.Steps, "at least 1 inner step for the gradient to go through")
	return f.Join()
}

// Configure truncates the gradient.
func (e Truncated) Configure(cfg graph.Config) graph.Config {
	cfg.Truncate = e.Steps
	return cfg
}

// New unrolls the episode.
func (Truncated) New(m *graph.Model) (Estimator, error) { return unroll(m) }
