// Package leak is a rule of one's own with a setting.
package leak

import (
	G "gorgonia.org/gorgonia"

	"metaplast/data/fault"
	"metaplast/graph/op"
	"metaplast/rules"
)

// Leak is Hebb's rule whose weights are forgotten with every example.
//
//	Δ = pᵀh − λ N W   [out,in]
//
// Source: Gerstner and Kistler, Mathematical formulations of Hebbian learning, Biol. Cybern. 87 (2002)
// 404-415.
type Leak struct {
	Lambda float64 `yaml:"lambda" range:"from 0 to 1" about:"how fast a weight is forgotten"`
}

var _ rules.Rule = Leak{}

// Info describes the rule.
func (Leak) Info() rules.Info {
	return rules.Info{
		Name:    "leak",
		Summary: "Hebb's rule with weights that are forgotten",
		Formula: "Δ = pᵀh − λ N W",
		Source:  "Gerstner and Kistler, Biol. Cybern. 87 (2002) 404-415",
	}
}

// Validate says what is wrong with the setting.
func (l Leak) Validate() error {
	var f fault.Fields
	f.Check(l.Lambda >= 0 && l.Lambda <= 1, "lambda", l.Lambda, "from 0 to 1")
	return f.Join()
}

// Delta returns Δ [out,in].
func (l Leak) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	n := float64(s.Pre.Shape()[0])
	return b.AddScaled(b.Hebb(s.Post, s.Pre), s.W, -l.Lambda*n)
}
