package optim

import (
	"math"

	"metaplast/data/catalog"
	"metaplast/data/fault"
)

// Adam adapts the step of every parameter to the mean and the scatter of its gradient.
//
//	t ← t + 1
//	m ← β₁ m + (1 − β₁) g
//	v ← β₂ v + (1 − β₂) g²
//	θ ← θ − r (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
//
//	g     [len θ]  gradient of the outer loss
//	m, v  [len θ]  adam_m and adam_v of the state, from 0
//	r              the group's learning rate times the schedule's factor
//
// So the first step is r·sign(g) wherever |g| ≫ ε. Only learned segments change.
//
// Cost: one pass over θ, g, m and v with a root and two divisions per element, after one pass
// over g that looks for non-finite values. No allocation.
//
// Source: Kingma & Ba, ICLR 2015 (arXiv 1412.6980), Algorithm 1. Not the variant at the end of
// its section 2, with ε inside the corrected root (“ε-hat”), and not AdamW: no weight decay.
type Adam struct {
	Beta1   float64 `yaml:"beta1" range:"from 0 and below 1" about:"decay of the mean of gradients"`
	Beta2   float64 `yaml:"beta2" range:"from 0 and below 1" about:"decay of the mean of squared gradients"`
	Epsilon float64 `yaml:"epsilon" range:"above 0" about:"added to the root"`
}

// DefaultAdam has the settings of the paper.
var DefaultAdam = Adam{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}

// Info describes the method.
func (Adam) Info() catalog.Info {
	return catalog.Info{
		Name:    "adam",
		Summary: "steps adapted to the mean and the scatter of each parameter's gradient",
		Formula: "θ ← θ − r m̂ / (√v̂ + ε)",
		Source:  "Kingma & Ba, ICLR 2015",
	}
}

// Validate returns all faults of the settings.
func (a Adam) Validate() error {
	var f fault.Fields
	below1(&f, "beta1", a.Beta1)
	below1(&f, "beta2", a.Beta2)
	f.Check(a.Epsilon > 0 && !math.IsInf(a.Epsilon, 0), "epsilon", a.Epsilon, "a finite number above 0")
	return f.Join()
}

// New returns an optimiser that has taken no step.
func (a Adam) New(rates Rates, layout []Segment) (Optimizer, error) {
	return PerSegment(a, rates, layout, []string{"adam_m", "adam_v"}, a.step)
}

func (a Adam) step(p Part) {
	t := float64(p.Step)
	c1, c2 := 1-math.Pow(a.Beta1, t), 1-math.Pow(a.Beta2, t)
	m, v := p.State[0], p.State[1]
	for i, g := range p.Grad {
		// The conversions forbid fused multiply-add: the same bits on every processor.
		m[i] = float64(a.Beta1*m[i]) + float64((1-a.Beta1)*g)
		v[i] = float64(a.Beta2*v[i]) + float64((1-a.Beta2)*float64(g*g))
		p.Theta[i] -= float64(p.Rate * (m[i] / c1) / (math.Sqrt(v[i]/c2) + a.Epsilon))
	}
}
