// Package rmsprop is an optimiser of one's own, with settings.
package rmsprop

import (
	"math"

	"metaplast/data/catalog"
	"metaplast/data/fault"
	"metaplast/metaopt/optim"
)

// RMSProp divides every step by the root of the gradient's running mean square.
//
//	v ← ρ v + (1 − ρ) g²
//	θ ← θ − r g / (√v + ε)
//
// Source: Tieleman & Hinton, COURSERA: Neural Networks for Machine Learning, lecture 6.5, 2012.
type RMSProp struct {
	Decay   float64 `yaml:"decay"`   // ρ
	Epsilon float64 `yaml:"epsilon"` // ε
}

// Default has the settings that stand where a configuration says nothing.
var Default = RMSProp{Decay: 0.9, Epsilon: 1e-8}

// Info describes the method.
func (RMSProp) Info() catalog.Info {
	return catalog.Info{
		Name:    "rmsprop",
		Summary: "gradient descent over the root of the running mean square",
		Formula: "θ ← θ − r g / (√v + ε)",
		Source:  "Tieleman & Hinton, 2012",
	}
}

// Validate returns all faults of the settings.
func (m RMSProp) Validate() error {
	var f fault.Fields
	f.Check(m.Decay >= 0 && m.Decay < 1, "decay", m.Decay, "from 0 and below 1")
	f.Check(m.Epsilon > 0, "epsilon", m.Epsilon, "above 0")
	return f.Join()
}

// New returns an optimiser that has taken no step.
func (m RMSProp) New(rates optim.Rates, layout []optim.Segment) (optim.Optimizer, error) {
	return optim.PerSegment(m, rates, layout, []string{"rmsprop_v"}, func(p optim.Part) {
		v := p.State[0]
		for i, g := range p.Grad {
			v[i] = m.Decay*v[i] + (1-m.Decay)*g*g
			p.Theta[i] -= p.Rate * g / (math.Sqrt(v[i]) + m.Epsilon)
		}
	})
}
