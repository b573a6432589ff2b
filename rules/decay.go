package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// Decay makes slow and fast weights: what a rule has changed fades, back to the initial weights.
//
//	W ← W(0) + λ (W − W(0)) + κ α ∘ Δ   [out,in]
//
//	Δ  [out,in]  change by the rule inside, which sees W
//	λ  [1] or [out], parameter decay_lambda: what is kept of a change in an inner step
//
// With λ = 1 it is the rule inside, fused where that is. Beyond 1, which a learned λ may reach, changes
// grow. Cost: that of the rule inside and three passes over W.
//
// Source: Miconi, Clune & Stanley, Differentiable plasticity, ICML 2018, for W(0) beside
// plastic weights; Tyulmankov, Yang & Abbott, Meta-learning synaptic plasticity and memory addressing
// for continual familiarity detection, Neuron 110 (2022) 544-557 (HebbFF), for A ← λ A + η h xᵀ. Not
// weight decay to zero.
type Decay struct {
	Of     Rule    `yaml:"of" about:"the rule whose changes fade"`
	Lambda float64 `yaml:"lambda" range:"from 0 to 1" about:"λ at the start of meta-training: what is kept of a change in an inner step"`
	Fixed  bool    `yaml:"fixed" about:"whether λ stays what it is"`
}

const decayLambda = DecayName + "_lambda"

var (
	_ Updater    = Decay{}
	_ Parametric = Decay{}
	_ Observer   = Decay{}
	_ NonLocal   = Decay{}
	_ Combinator = Decay{}
)

// Info describes the rule.
func (Decay) Info() Info {
	return Info{
		Name:    DecayName,
		Summary: "slow and fast weights: changes fade, back to the initial weights",
		Formula: "W ← W(0) + λ (W − W(0)) + κ α ∘ Δ",
		Source:  "Miconi, Clune & Stanley, ICML 2018; Tyulmankov, Yang & Abbott, Neuron 110 (2022) 544-557",
	}
}

// Validate says what is wrong with the settings.
func (d Decay) Validate() error {
	f := checkInner(d, true)
	f.Check(d.Lambda >= 0 && d.Lambda <= 1, "lambda", d.Lambda, "from 0 to 1")
	return f.Join()
}

// Inner is the rule whose changes fade.
func (d Decay) Inner() Rule { return d.Of }

// Params are those of the rule inside, and λ.
func (d Decay) Params() []Param {
	return paramsBeside(d.Of, Param{Name: decayLambda, Initial: d.Lambda, Fixed: d.Fixed, About: "what is kept of the distance to the initial weights in an inner step"})
}

// State are the variables of the rule inside.
func (d Decay) State() []Variable { return StateOf(d.Of) }

// Observes is what the rule inside sees, and W(0).
func (d Decay) Observes() Observed { return observing(d.Of, Observed{Initial: true}) }

// NonLocal is that of the rule inside.
func (d Decay) NonLocal() string { return Locality(d.Of) }

// Delta is ErrNoDelta.
func (d Decay) Delta(b *op.Builder, _ Synapses) *G.Node { return b.Fail(&NoDeltaError{DecayName}) }

// Update returns the weights and the state after the step.
func (d Decay) Update(b *op.Builder, s Synapses, p op.Plasticity) (*G.Node, Values) {
	w, next := Apply(b, d.Of, s, p)
	lambda := s.Params[decayLambda]
	away := b.Sub(s.W, s.Initial)
	return b.Add(w, Times(b, away, b.Sub(lambda, b.OnesLike(lambda)))), next
}
