package graph

import (
	"strconv"
	"strings"
)

// Role is what an array of a learner is for. With the number of its layer it is the name of the
// array, in layouts, checkpoints and archives.
type Role string

const (
	Weight         Role = "W"       // W_l(0) [out,in], or [out,in,k,k] of a convolution
	Bias           Role = "b"       // b_l [out]
	FeedbackWeight Role = "B"       // B_l, of the shape that the pathway asks for
	FeedbackBias   Role = "c"       // c_l
	Mixing         Role = "beta"    // β_l [1], the strength of feedback
	Rate           Role = "alpha"   // α_l as W_l, [out] or [1]; α [1] for the whole network
	BiasRate       Role = "alpha_b" // α of b_l [out], where rates are per synapse
)

// What rules and modulators declare have roles made of a prefix and the name that they declare.
const (
	rulePrefix       = "rule."        // θ of the rule [1], [out] or an array
	outputRulePrefix = "output_rule." // θ of the output layer's rule, where it has one of its own
	modulatorPrefix  = "modulator."   // θ of the modulator
	statePrefix      = "state."       // s(0) of a variable of the rule, where it is learned
	biasStatePrefix  = "state_b."     // the same for the synapses of plastic biases
)

// NoLayer is the layer of an array that belongs to none.
const NoLayer = -1

// Name is that of the array of layer l: W0, alpha_b2, rule.theta_110.0; alpha and rule.theta_110 for
// NoLayer.
func (r Role) Name(l int) string {
	if l == NoLayer {
		return string(r)
	}
	if r.declared() {
		return string(r) + "." + strconv.Itoa(l)
	}
	return string(r) + strconv.Itoa(l)
}

// declared reports whether a rule or modulator has declared the array.
func (r Role) declared() bool { return strings.Contains(string(r), ".") }

// group is the group of meta-parameters that arrays of this role belong to.
func (r Role) group() string {
	if r.declared() {
		return RuleOwn
	}
	switch r {
	case Weight, Bias:
		return Weights
	case FeedbackWeight, FeedbackBias:
		return Feedback
	case Mixing:
		return Strength
	}
	return Plasticity
}

// GradientPrefix begins the name of ∂loss/∂ a meta-parameter, before the name of that.
const GradientPrefix = "grad_"

// finalPrefix begins the name of a fast weight after the last inner step, before the name of the
// meta-parameter that it started from.
const finalPrefix = "final_"
