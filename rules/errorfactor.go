package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// ErrorFactor is a third factor that says for each example how strong the signal is that comes down.
//
//	m_n = |s_n|   [N]
//
//	s  [N,n_L]  the learner's signal
//
// With signal error it is the length of the error; with signal target that of the target. A norm has a
// kink at s_n = 0: its derivative there is taken to be 0.
//
// Source: Gerstner, Lehmann, Liakoni, Corneil & Brea, Front. Neural Circuits 12 (2018) 53, for surprise as
// a third factor.
type ErrorFactor struct{}

var _ Modulator = ErrorFactor{}

// Info describes the modulator.
func (ErrorFactor) Info() Info {
	return Info{
		Name:    ErrorName,
		Summary: "length of the signal of each example",
		Formula: "m_n = |s_n|",
		Source:  "Gerstner et al., Front. Neural Circuits 12 (2018) 53",
	}
}

// Params is none.
func (ErrorFactor) Params(int) []Param { return nil }

// Value is m [N].
func (ErrorFactor) Value(b *op.Builder, m Moment) *G.Node {
	norm, _ := norms(b, m.Signal)
	return norm
}
