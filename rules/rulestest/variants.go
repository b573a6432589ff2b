package rulestest

import (
	"slices"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/graph/op"
	"metaplast/rules"
)

// variant is one choice of the settings beside rule, pathway and granularity.
type variant struct {
	name   string
	loss   string
	frozen int
	conv   bool // the first layer is a convolution, see episodeNetwork
	set    func(l *graph.Learner)
	phi    []op.Activation // of the hidden layers, bottom first; nil means relu

	objective graph.Objective
}

// variants are few, but each pair of a loss and a signal occurs, and each other setting
// with either value. Settings under which the meta-gradient is not the derivative of the
// loss by intent, first_order and detach_error, cannot be here.
func variants() []variant {
	return []variant{
		{name: "signal target, mse", loss: objective.MSE, set: func(l *graph.Learner) {
			l.Signal, l.FeedbackActivation = rules.Target, graph.Relu
		}},
		{name: "signal error, mse, linear feedback, gated, mean", loss: objective.MSE, set: func(l *graph.Learner) {
			l.Signal, l.Gated, l.Examples = rules.Error, true, graph.MeanExamples
		}},
		{name: "signal gradient, mse, strength 1, plastic biases", loss: objective.MSE, set: func(l *graph.Learner) {
			l.Signal, l.PlasticBias, l.Strength, l.Learned.Strength = rules.Gradient, true, 1, false
		}},
		{name: "signal target, cross_entropy, clamped, mean", loss: objective.CrossEntropy, set: func(l *graph.Learner) {
			l.Signal, l.Clamped, l.Examples = rules.Target, true, graph.MeanExamples
		}},
		{name: "signal error, cross_entropy, relu feedback, gated, plastic biases", loss: objective.CrossEntropy, set: func(l *graph.Learner) {
			l.Signal, l.FeedbackActivation, l.Gated, l.PlasticBias = rules.Error, graph.Relu, true, true
		}},
		{name: "signal gradient, cross_entropy, clamped, hidden scale 0.5", loss: objective.CrossEntropy, set: func(l *graph.Learner) {
			l.Signal, l.Clamped, l.HiddenScale = rules.Gradient, true, 0.5
		}},
		{name: "signal error, mse, first layer frozen, clamped, plastic biases", loss: objective.MSE, frozen: 1, set: func(l *graph.Learner) {
			l.Signal, l.Clamped, l.PlasticBias = rules.Error, true, true
		}},
		{name: "signal error, cross_entropy, plastic convolution, clamped, plastic biases", loss: objective.CrossEntropy, conv: true, set: func(l *graph.Learner) {
			l.Signal, l.Clamped, l.PlasticBias = rules.Error, true, true
		}},
		{name: "signal error, mse, softplus and tanh, sigmoid feedback, gated", loss: objective.MSE, set: func(l *graph.Learner) {
			l.Signal, l.FeedbackActivation, l.Gated = rules.Error, string(op.Sigmoid), true
		}, phi: []op.Activation{"softplus(2)", op.Tanh}},
		{name: "signal gradient, cross_entropy, plastic convolution of sigmoid, leaky relu, tanh feedback, gated", loss: objective.CrossEntropy, conv: true, set: func(l *graph.Learner) {
			l.Signal, l.FeedbackActivation, l.Gated, l.PlasticBias = rules.Gradient, string(op.Tanh), true, true
		}, phi: []op.Activation{op.Sigmoid, "leaky_relu(0.3)"}},
		{name: "signal error, mse, rule per layer with penalty if it is sparse, loss of query and stream", loss: objective.MSE, set: func(l *graph.Learner) {
			l.Signal, l.RulePer, l.RulePenalty, l.PlasticBias = rules.Error, graph.PerLayer, 0.01, true
		}, objective: graph.Objective{Query: 0.75, Stream: 0.5}},
		{name: "signal target, cross_entropy, clamped, rule per neuron, readout by distance, loss of the stream", loss: objective.CrossEntropy, set: func(l *graph.Learner) {
			l.Signal, l.Clamped, l.RulePer, l.Readout = rules.Target, true, graph.PerNeuron, graph.DistanceReadout
		}, objective: graph.Objective{Stream: 1}},
		{name: "signal target, cross_entropy, clamped, readout by the rule if it reads", loss: objective.CrossEntropy, set: func(l *graph.Learner) {
			l.Signal, l.Clamped, l.Readout = rules.Target, true, graph.RuleReadout
		}},
	}
}

// learner is the settings of a variant, as far as a rule and pathway can have them.
func (v variant) learner(rule rules.Rule, pathway, granularity string) graph.Learner {
	l := graph.Learner{
		Pathway: pathway, Plasticity: granularity,
		FeedbackActivation: graph.Linear, Examples: graph.SumExamples,
		Strength: 0.5, InnerLR: 0.02, HiddenScale: 1, FeedbackScale: 1,
		Learned: graph.Learned{Weights: true, Feedback: true, Plasticity: true, Strength: true},
	}
	l.UseRule(rule)
	v.set(&l)
	if l.RulePer == graph.PerNeuron && slices.ContainsFunc(rules.ParamsOf(rule), func(p rules.Param) bool { return p.Shape != nil }) {
		l.RulePer = graph.PerLayer
	}
	if !slices.ContainsFunc(rules.ParamsOf(rule), func(p rules.Param) bool { return p.Sparse }) {
		l.RulePenalty = 0
	}
	if _, reads := rule.(rules.Reader); l.Readout == graph.RuleReadout && (!reads || pathway == rules.BackpropName) {
		l.Readout = graph.DotReadout
	}
	return l
}
