package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/data/fault"
	"metaplast/graph/op"
)

// ReadoutFactor is a third factor that the network gives itself, from its top hidden layer by learned
// weights that do not change in an episode.
//
//	m = tanh(h w + b)   [N]
//
//	h  [N,n]  activity of the top hidden layer, the input if there is none
//	w  [n]    parameter w, normal numbers of the setting spread
//	b  [1]    parameter b
//
// At the start b is 1 and w is 0, so that the rule acts on all examples alike, with m = tanh 1, and all
// that is learned has a gradient. With w = b = 0 nothing would change in an episode, and plasticity and
// feedback would have no gradient until m has left 0.
//
// Source: Miconi, Rawal, Clune & Stanley, Backpropamine, ICLR 2019.
type ReadoutFactor struct {
	Spread float64 `yaml:"spread" range:"from 0" about:"standard deviation of w at the start of meta-training"`
	Bias   float64 `yaml:"bias" range:"finite" about:"b at the start of meta-training"`
}

var _ Modulator = ReadoutFactor{}

// Info describes the modulator.
func (ReadoutFactor) Info() Info {
	return Info{
		Name:    ReadoutName,
		Summary: "read out of the top hidden layer by learned weights",
		Formula: "m = tanh(h w + b)",
		Source:  "Miconi, Rawal, Clune & Stanley, ICLR 2019",
	}
}

// Validate says what is wrong with the settings.
func (r ReadoutFactor) Validate() error {
	var f fault.Fields
	f.Check(r.Spread >= 0 && isFinite(r.Spread), "spread", r.Spread, "a finite number of at least 0")
	f.Check(isFinite(r.Bias), "bias", r.Bias, "a finite number")
	return f.Join()
}

// Params are w and b.
func (r ReadoutFactor) Params(top int) []Param {
	return []Param{
		{Name: "w", Shape: []int{top}, Spread: r.Spread, About: "weights from the top hidden layer"},
		{Name: "b", Initial: r.Bias, About: "bias"},
	}
}

// Value is m [N].
func (ReadoutFactor) Value(b *op.Builder, m Moment) *G.Node {
	w := m.Params["w"]
	if !b.Usable(m.Top, w) {
		return nil
	}
	z := b.AddBias(b.MatMul(m.Top, b.Reshape(w, w.Shape().TotalSize(), 1), op.N, op.N), m.Params["b"])
	return b.Reshape(b.Tanh(z), m.Top.Shape()[0])
}
