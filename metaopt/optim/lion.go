package optim

import (
	"metaplast/data/catalog"
	"metaplast/data/fault"
)

// Lion steps by the sign of an interpolated momentum: every parameter moves by the same amount.
//
//	c ← β₁ m + (1 − β₁) g
//	θ ← θ − r (sign(c) + λ θ)
//	m ← β₂ m + (1 − β₂) g
//
//	m  [len θ]  lion_m of the state, from 0; sign(0) is 0
//
// Its steps are larger than Adam's: learning rates 3 to 10 times smaller suit it.
//
// Source: Chen et al., NeurIPS 2023 (arXiv 2302.06675), Algorithm 2. Cost: one pass over θ, g and m,
// without roots or divisions.
type Lion struct {
	Beta1 float64 `yaml:"beta1" range:"from 0 and below 1" about:"share of the momentum in a step"`
	Beta2 float64 `yaml:"beta2" range:"from 0 and below 1" about:"decay of the momentum"`
	Decay float64 `yaml:"decay" range:"from 0" about:"weight decay λ"`
}

// DefaultLion has the settings of the paper, without weight decay.
var DefaultLion = Lion{Beta1: 0.9, Beta2: 0.99}

// Info describes the method.
func (Lion) Info() catalog.Info {
	return catalog.Info{
		Name:    "lion",
		Summary: "steps by the sign of an interpolated momentum",
		Formula: "θ ← θ − r (sign(β₁ m + (1 − β₁) g) + λ θ)",
		Source:  "Chen et al., NeurIPS 2023",
	}
}

// Validate returns all faults of the settings.
func (l Lion) Validate() error {
	var f fault.Fields
	below1(&f, "beta1", l.Beta1)
	below1(&f, "beta2", l.Beta2)
	from0(&f, "decay", l.Decay)
	return f.Join()
}

// New returns an optimiser that has taken no step.
func (l Lion) New(rates Rates, layout []Segment) (Optimizer, error) {
	return PerSegment(l, rates, layout, []string{"lion_m"}, func(p Part) {
		m := p.State[0]
		for i, g := range p.Grad {
			c := float64(l.Beta1*m[i]) + float64((1-l.Beta1)*g)
			d := 0.0
			switch {
			case c > 0:
				d = 1
			case c < 0:
				d = -1
			}
			p.Theta[i] -= float64(p.Rate * (d + float64(l.Decay*p.Theta[i])))
			m[i] = float64(l.Beta2*m[i]) + float64((1-l.Beta2)*g)
		}
	})
}
