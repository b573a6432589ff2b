package graph

import (
	"math"

	"metaplast/data/fault"
	"metaplast/data/settings"
	"metaplast/data/suggest"
	"metaplast/rules"
)

// The granularities of plasticity α.
const (
	PerNone    = "none"    // a constant, inner_lr, that is no meta-parameter
	PerSynapse = "synapse" // α_l [out,in], and with plastic biases α_b [out]
	PerNeuron  = "neuron"  // α_l [out], one for all incoming synapses of a neuron
	PerLayer   = "layer"   // α_l [1]
	PerNetwork = "network" // α [1], one for all layers
)

// Granularities lists the granularities of plasticity.
func Granularities() []string {
	return []string{PerNone, PerSynapse, PerNeuron, PerLayer, PerNetwork}
}

// Learned says which groups of meta-parameters the outer loop changes. What is false keeps
// its initial value.
type Learned struct {
	Weights    bool `yaml:"weights" json:"weights"`       // whether the outer loop changes W(0) and b
	Feedback   bool `yaml:"feedback" json:"feedback"`     // whether the outer loop changes B and c
	Plasticity bool `yaml:"plasticity" json:"plasticity"` // whether the outer loop changes α
	Strength   bool `yaml:"strength" json:"strength"`     // whether the outer loop changes β
}

// Learner is one way to learn in the inner loop. Presets returns the named ones; a learner
// of your own is best made by changing one of those.
//
// With N examples in an inner step, all layers change at once from one forward pass:
//
//	s    = signal(ŷ, y)                             [N,n_L]
//	f_l  = pathway(s)                               [N,out_l]
//	p_l  = β_l f_l + (1−β_l) h_{l+1}                [N,out_l]   (clamped output: p = s)
//	m    = modulator(loss, s, h_{L-1}, …)           [N] or [1], for rules with a third factor
//	Δ_l, s_l ← rule_θ(h_l, p_l, f_l, W_l, m, s_l)   [out_l,in_l], and the rule's variables s_l, if it has any
//	W_l ← W_l + κ_l α_l ∘ Δ_l                       (examples mean: Δ_l/N)
//
// θ are meta-parameters that the rule itself declares (rules.Param), and a rule may do more with W_l than
// add to it (rules.Updater).
type Learner struct {
	Rule    string `yaml:"rule" json:"rule" range:"hebb, oja, or a registered one"`                             // how a synapse changes
	Pathway string `yaml:"pathway" json:"pathway" range:"direct, layered, backprop, none, or a registered one"` // how the signal reaches a layer
	Signal  string `yaml:"signal" json:"signal"`                                                                // what is sent down: the target, ŷ's error, or the loss's gradient

	// RuleValue is the rule itself, where its settings are not those it is registered with; see UseRule.
	// Nil stands for the registered rule of the name.
	RuleValue rules.Rule `yaml:"-" json:"rule_settings,omitempty"`
	// PathwayValue is the pathway itself, on the same terms; see UsePathway.
	PathwayValue rules.Pathway `yaml:"-" json:"pathway_settings,omitempty"`

	// DetachError makes the signal a constant for the outer gradient.
	DetachError bool `yaml:"detach_error" json:"detach_error"`
	// FeedbackActivation is ψ: an activation, as layers have. The backprop pathway is always linear.
	FeedbackActivation string `yaml:"feedback_activation" json:"feedback_activation" range:"relu, linear, tanh, sigmoid, leaky_relu or leaky_relu(slope), softplus or softplus(sharpness)"`
	// Gated multiplies feedback by φ′ of the layer that receives it (always for backprop).
	Gated bool `yaml:"gated" json:"gated"`
	// Clamped sets the output layer's p to the signal itself: no feedback weights, no mixing.
	Clamped bool `yaml:"clamped" json:"clamped"`
	// Strength is the initial β, the same in every layer.
	Strength float64 `yaml:"strength" json:"strength"`
	// Plasticity is the granularity of α: none, synapse, neuron, layer, network.
	Plasticity string `yaml:"plasticity" json:"plasticity"`
	// InnerLR is the initial α everywhere; with plasticity none, its constant value.
	InnerLR float64 `yaml:"inner_lr" json:"inner_lr"`
	// HiddenScale is κ, a factor on the update of every plastic layer but the last.
	HiddenScale float64 `yaml:"hidden_scale" json:"hidden_scale" range:"from 0"`
	// Examples says whether Δ is the sum or the mean over the examples of a step.
	Examples string `yaml:"examples" json:"examples"`
	// PlasticBias lets the biases change too, as synapses from a unit that is always 1.
	PlasticBias bool `yaml:"plastic_bias" json:"plastic_bias"`
	// FirstOrder takes every Δ as a constant for the outer gradient.
	FirstOrder bool `yaml:"first_order" json:"first_order"`
	// OutputOnly makes the output layer the only plastic one.
	OutputOnly bool `yaml:"output_only" json:"output_only"`
	// HiddenOnly leaves the output layer alone, so that the layers below are the only plastic ones.
	HiddenOnly bool `yaml:"hidden_only,omitempty" json:"hidden_only,omitempty"`
	// RandomPlastic keeps the initial weights W(0) of this learner's plastic layers at the random
	// values that they start meta-training with, the same in every episode. Biases, and weights
	// of layers that are not plastic, are learned as Learned.Weights says.
	RandomPlastic bool `yaml:"random_plastic,omitempty" json:"random_plastic,omitempty"`
	// OutputRule is the rule of the output layer where it is another one than that of the layers below.
	OutputRule string `yaml:"output_rule,omitempty" json:"output_rule,omitempty" range:"as rule" default:"that of the other layers"`
	// OutputRuleValue is the rule itself, on the terms of RuleValue.
	OutputRuleValue rules.Rule `yaml:"-" json:"output_rule_settings,omitempty"`
	// RulePer says how often a rule's own meta-parameters exist: once for the network, or for each plastic
	// layer, or for each neuron of those. Empty means network.
	RulePer string `yaml:"rule_per,omitempty" json:"rule_per,omitempty" range:"network, layer or neuron" default:"network"`
	// FixedRule keeps the rule's own meta-parameters, and the modulator's, at their initial values.
	FixedRule bool `yaml:"fixed_rule,omitempty" json:"fixed_rule,omitempty"`
	// RulePenalty is λ of the penalty λ Σ|θ| that the outer loss has for those coefficients of the rule that are
	// meant to be sparse.
	RulePenalty float64 `yaml:"rule_penalty,omitempty" json:"rule_penalty,omitempty" range:"from 0"`
	// Local refuses rules in which a synapse sees what it cannot see in a brain.
	Local bool `yaml:"local,omitempty" json:"local,omitempty"`
	// Modulator is the third factor, for rules that have use for one. Empty means none.
	Modulator string `yaml:"modulator,omitempty" json:"modulator,omitempty" range:"constant, loss, error, reward, readout, or a registered one" default:"none"`
	// ModulatorValue is the modulator itself, on the terms of RuleValue.
	ModulatorValue rules.Modulator `yaml:"-" json:"modulator_settings,omitempty"`
	// Readout says how answers are read from the output layer's weights: their product with the activity
	// below, ŷ = h Wᵀ + b; their distance from it, ŷ_i = h·W_i − ½|W_i|² + b_i, which makes rows of W prototypes;
	// or as the output layer's rule says. Empty means dot.
	Readout string `yaml:"readout,omitempty" json:"readout,omitempty" range:"dot, distance or rule" default:"dot"`
	// FeedbackScale is the scale of the initial B: entries are normal with standard
	// deviation FeedbackScale/√fan-in, where fan-in is the number of units that one unit's
	// feedback sums over (direct: n_L, layered: the layer above).
	FeedbackScale float64 `yaml:"feedback_scale" json:"feedback_scale" range:"from 0"`
	// Learned says which groups the outer loop changes.
	Learned Learned `yaml:"learned" json:"learned"`
}

// The values of Learner.Examples.
const (
	SumExamples  = "sum"
	MeanExamples = "mean"
)

// Order is that of the derivatives in the learner's meta-gradient: 1 or 2.
func (l Learner) Order() int {
	if l.FirstOrder {
		return 1
	}
	return 2
}

// Validate returns all faults of the settings, each with its field under path, or nil.
func (l Learner) Validate(path string) error {
	var f fault.Fields
	_, err := l.ItsRule()
	f.Add(path+".rule", err)
	if err := settings.Validate(path+".rule", l.RuleValue); err != nil {
		f = append(f, err)
	}
	f = append(f, l.extras(path)...)
	_, err = l.ItsPathway()
	f.Add(path+".pathway", err)
	if err := settings.Validate(path+".pathway", l.PathwayValue); err != nil {
		f = append(f, err)
	}
	f.Add(path+".signal", suggest.Unknown("signal", l.Signal, rules.Signals()))
	f.Add(path+".feedback_activation", CheckActivation(l.FeedbackActivation))
	f.Add(path+".plasticity", suggest.Unknown("granularity", l.Plasticity, Granularities()))
	f.Add(path+".examples", suggest.Unknown("reduction over examples", l.Examples, []string{SumExamples, MeanExamples}))
	for _, n := range []struct {
		name  string
		value float64
		least float64
	}{
		{"strength", l.Strength, math.Inf(-1)},
		{"inner_lr", l.InnerLR, math.Inf(-1)},
		{"hidden_scale", l.HiddenScale, 0},
		{"feedback_scale", l.FeedbackScale, 0},
	} {
		ok := !math.IsNaN(n.value) && !math.IsInf(n.value, 0) && n.value >= n.least
		want := "a finite number"
		if n.least == 0 {
			want = "a finite number of at least 0"
		}
		f.Check(ok, path+"."+n.name, n.value, want)
	}
	f.Check(!l.HiddenOnly || !l.OutputOnly, path+".hidden_only", l.HiddenOnly, "false with output_only: true, or no layer is plastic")
	f.Check(l.Signal != rules.Gradient || l.Examples != MeanExamples, path+".examples", l.Examples,
		"sum: the gradient signal is already that of the mean loss over the examples")
	return f.Join()
}
