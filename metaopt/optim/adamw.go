package optim

import (
	"metaplast/data/catalog"
	"metaplast/data/fault"
)

// AdamW is Adam with weight decay that is not adapted: parameters shrink by the same factor, whatever their
// gradients.
//
//	θ ← θ − r λ θ, then θ as by Adam
//
// Decay λ stands for every group; with rate r = 0 nothing shrinks.
//
// Source: Loshchilov & Hutter, ICLR 2019 (arXiv 1711.05101), Algorithm 2, with the learning rate as a
// factor of λ, as PyTorch's AdamW has it. Cost: that of Adam and one product more per element.
type AdamW struct {
	Beta1   float64 `yaml:"beta1" range:"from 0 and below 1" about:"decay of the mean of gradients"`
	Beta2   float64 `yaml:"beta2" range:"from 0 and below 1" about:"decay of the mean of squared gradients"`
	Epsilon float64 `yaml:"epsilon" range:"above 0" about:"added to the root"`
	Decay   float64 `yaml:"decay" range:"from 0" about:"weight decay λ"`
}

// DefaultAdamW has Adam's settings, and PyTorch's decay.
var DefaultAdamW = AdamW{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, Decay: 0.01}

func (a AdamW) adam() Adam { return Adam{Beta1: a.Beta1, Beta2: a.Beta2, Epsilon: a.Epsilon} }

// Info describes the method.
func (AdamW) Info() catalog.Info {
	return catalog.Info{
		Name:    "adamw",
		Summary: "Adam, with weight decay beside the adapted step",
		Formula: "θ ← θ − r (m̂ / (√v̂ + ε) + λ θ)",
		Source:  "Loshchilov & Hutter, ICLR 2019",
	}
}

// Validate returns all faults of the settings.
func (a AdamW) Validate() error {
	var f fault.Fields
	if err := a.adam().Validate(); err != nil {
		f = append(f, err)
	}
	from0(&f, "decay", a.Decay)
	return f.Join()
}

// New returns an optimiser that has taken no step.
func (a AdamW) New(rates Rates, layout []Segment) (Optimizer, error) {
	adam := a.adam()
	return PerSegment(a, rates, layout, []string{"adam_m", "adam_v"}, func(p Part) {
		for i, x := range p.Theta {
			p.Theta[i] = x - float64(float64(p.Rate*a.Decay)*x)
		}
		adam.step(p)
	})
}
