package optim

import (
	"metaplast/data/catalog"
	"metaplast/data/fault"
)

// SGD goes down the gradient, with momentum.
//
//	v ← μ v + g
//	θ ← θ − r v              or, with Nesterov,  θ ← θ − r (g + μ v)
//
//	v  [len θ]  sgd_v of the state, from 0
//
// Source: Polyak, USSR Comput. Math. Math. Phys. 4 (1964) 1-17; Sutskever et al., ICML 2013; in the form of
// PyTorch's SGD without dampening, where r is outside of v. Cost: one pass over θ, g and v.
type SGD struct {
	Momentum float64 `yaml:"momentum" range:"from 0 and below 1" about:"momentum μ"`
	Nesterov bool    `yaml:"nesterov" about:"whether to look ahead by the momentum"`
}

// DefaultSGD has the usual momentum.
var DefaultSGD = SGD{Momentum: 0.9}

// Info describes the method.
func (SGD) Info() catalog.Info {
	return catalog.Info{
		Name:    "sgd",
		Summary: "gradient descent with momentum",
		Formula: "v ← μ v + g, θ ← θ − r v",
		Source:  "Polyak, USSR Comput. Math. Math. Phys. 4 (1964) 1-17",
	}
}

// Validate returns all faults of the settings.
func (s SGD) Validate() error {
	var f fault.Fields
	below1(&f, "momentum", s.Momentum)
	return f.Join()
}

// New returns an optimiser that has taken no step.
func (s SGD) New(rates Rates, layout []Segment) (Optimizer, error) {
	return PerSegment(s, rates, layout, []string{"sgd_v"}, func(p Part) {
		v := p.State[0]
		for i, g := range p.Grad {
			v[i] = float64(s.Momentum*v[i]) + g
			d := v[i]
			if s.Nesterov {
				d = g + float64(s.Momentum*v[i])
			}
			p.Theta[i] -= float64(p.Rate * d)
		}
	})
}
