package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/data/catalog"
	"metaplast/graph/op"
)

// Modulator is a third factor: what a neuromodulator tells all synapses in an inner step, computed
// once in a step and read by the rules that ask for it (Observed.Modulator).
//
//	m  [N] for each example, or [1]
//
// Params are meta-parameters of its own; top is the number of units of the top hidden layer, which a
// readout has a weight for each of.
type Modulator interface {
	Info() Info
	Params(top int) []Param
	Value(b *op.Builder, m Moment) *G.Node
}

// Moment is what a modulator sees of an inner step of N examples.
type Moment struct {
	Loss    *G.Node // [1] mean loss of the answers given
	Signal  *G.Node // s [N,n_L], what the pathway sends down
	Answers *G.Node // ŷ [N,n_L]
	Targets *G.Node // y [N,n_L]
	Top     *G.Node // h_{L-1} [N,n], activity of the top hidden layer; the input if there is none
	Reward  *G.Node // R [N] given by the task; nil if it gives none
	Params  Values
}

// Rewarded is a modulator that needs the task's reward.
type Rewarded interface {
	Modulator
	NeedsReward()
}

var modulators = catalog.Of[Modulator]("modulator", ConstantFactor{Start: 1}, LossFactor{}, ErrorFactor{}, RewardFactor{}, ReadoutFactor{Bias: 1})

// Modulators returns every registered modulator, in the order of registration.
func Modulators() []Modulator { return modulators.All() }

// RegisterModulator adds a modulator, on the terms of Register.
func RegisterModulator(m Modulator) error { return modulators.Register(m) }

// LookupModulator returns the modulator of a name, or a suggest.UnknownError that names the nearest one.
func LookupModulator(name string) (Modulator, error) { return modulators.Lookup(name) }
