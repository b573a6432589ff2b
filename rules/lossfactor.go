package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// LossFactor is a third factor that says how bad the answers of the step were: surprise.
//
//	m = L   [1], mean loss of the answers given in the inner step, before the update
//
// It is never negative. The outer gradient goes through it.
//
// Source: Gerstner, Lehmann, Liakoni, Corneil & Brea, Front. Neural Circuits 12 (2018) 53, for surprise as
// a third factor.
type LossFactor struct{}

var _ Modulator = LossFactor{}

// Info describes the modulator.
func (LossFactor) Info() Info {
	return Info{
		Name:    LossName,
		Summary: "mean loss of the answers given in the step",
		Formula: "m = L",
		Source:  "Gerstner et al., Front. Neural Circuits 12 (2018) 53",
	}
}

// Params is none.
func (LossFactor) Params(int) []Param { return nil }

// Value is m [1].
func (LossFactor) Value(_ *op.Builder, m Moment) *G.Node { return m.Loss }
