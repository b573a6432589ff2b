// Package decay is a rule of one's own with a setting.
package decay

import (
	G "gorgonia.org/gorgonia"

	"metaplast/data/fault"
	"metaplast/graph/op"
	"metaplast/rules"
)

// Decay is Hebb's rule whose weights are forgotten with every example.
//
//	Δ = pᵀh − λ N W   [out,in]
//
// Source: Gerstner and Kistler, Mathematical formulations of Hebbian learning, Biol. Cybern. 87 (2002)
// 404-415.
type Decay struct {
	Lambda float64 `yaml:"lambda" range:"from 0 to 1" about:"how fast a weight is forgotten"`
}

var _ rules.Rule = Decay{}

// Info describes the rule.
func (Decay) Info() rules.Info {
	return rules.Info{
		Name:    "decay",
		Summary: "Hebb's rule with weights that are forgotten",
		Formula: "Δ = pᵀh − λ N W",
		Source:  "Gerstner and Kistler, Biol. Cybern. 87 (2002) 404-415",
	}
}

// Validate says what is wrong with the setting.
func (d Decay) Validate() error {
	var f fault.Fields
	f.Check(d.Lambda >= 0 && d.Lambda <= 1, "lambda", d.Lambda, "from 0 to 1")
	return f.Join()
}

// Delta returns Δ [out,in].
func (d Decay) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	n := float64(s.Pre.Shape()[0])
	return b.AddScaled(b.Hebb(s.Post, s.Pre), s.W, -d.Lambda*n)
}
