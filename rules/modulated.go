package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// Modulated lets a third factor gate the changes of a rule.
//
//	Δ′ = g Σ_n m_n Δ_n   [out,in]
//
//	Δ_n  [out,in]  change by the rule inside with example n alone
//	m    [N], or [1] for all examples alike: the learner's modulator
//	g    [1] or [out], parameter modulated_gain: how strongly the layer, with rule_per layer, or the
//	     neuron listens
//
// Rules that are sums over examples take m into their sum (see Weighted): hebb becomes (m ∘ p)ᵀ h. Of
// other rules without state Δ of each example is built by itself, which costs N times as much. What is
// left of a rule with state is refused where that has forgotten the examples: a trace is modulated by
// its own setting. With m = g = 1 it is the rule inside.
//
// Source: Frémaux & Gerstner, Front. Neural Circuits 9 (2016) 85, for three-factor rules; Miconi, Rawal,
// Clune & Stanley, Backpropamine, ICLR 2019, for m that the network gives itself.
type Modulated struct {
	Of    Rule    `yaml:"of" about:"the rule whose changes are gated"`
	Gain  float64 `yaml:"gain" range:"finite" about:"g at the start of meta-training"`
	Fixed bool    `yaml:"fixed" about:"whether g stays what it is"`
}

const modulatedGain = ModulatedName + "_gain"

var (
	_ Stateful   = Modulated{}
	_ Parametric = Modulated{}
	_ Observer   = Modulated{}
	_ NonLocal   = Modulated{}
	_ Combinator = Modulated{}
)

// Info describes the rule.
func (Modulated) Info() Info {
	return Info{
		Name:    ModulatedName,
		Summary: "three factors: a modulator gates the changes of a rule",
		Formula: "Δ′ = g Σ_n m_n Δ_n",
		Source:  "Frémaux & Gerstner, Front. Neural Circuits 9 (2016) 85; Miconi, Rawal, Clune & Stanley, ICLR 2019",
	}
}

// Validate says what is wrong with the settings.
func (m Modulated) Validate() error {
	f := checkInner(m, true)
	if _, updates := m.Of.(Updater); m.Of != nil && !updates {
		name := m.Of.Info().Name
		want := "a rule that can weigh examples, or {name: trace, of: {name: " + name + "}, modulated: true} for one factor for the whole change"
		if name == TraceName {
			want = "{name: trace, modulated: true}, or {name: trace, of: {name: modulated}} for a factor of each example: a trace has forgotten the examples"
		}
		f.Check(Weighs(m.Of), "of", name, want)
	}
	f.Check(isFinite(m.Gain), "gain", m.Gain, "a finite number")
	return f.Join()
}

// Inner is the rule whose changes are gated.
func (m Modulated) Inner() Rule { return m.Of }

// Params are those of the rule inside, and g.
func (m Modulated) Params() []Param {
	return paramsBeside(m.Of, Param{Name: modulatedGain, Initial: m.Gain, Fixed: m.Fixed, About: "how strongly the third factor acts"})
}

// State are the variables of the rule inside.
func (m Modulated) State() []Variable { return StateOf(m.Of) }

// Observes is what the rule inside sees, and the third factor.
func (m Modulated) Observes() Observed { return observing(m.Of, Observed{Modulator: true}) }

// NonLocal is that of the rule inside.
func (m Modulated) NonLocal() string { return Locality(m.Of) }

// Delta returns Δ′ [out,in].
func (m Modulated) Delta(b *op.Builder, s Synapses) *G.Node {
	delta, _ := m.Next(b, s)
	return delta
}

// Next returns Δ′ [out,in] and the state of the rule inside after the step.
func (m Modulated) Next(b *op.Builder, s Synapses) (*G.Node, Values) {
	delta, next := Weigh(b, m.Of, s, s.Modulator)
	return Times(b, delta, s.Params[modulatedGain]), next
}
