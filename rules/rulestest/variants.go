package rulestest

import (
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
}

// variants are few, but each pair of a loss and a signal occurs, and each other setting
// with either value. Settings under which the meta-gradient is not the derivative of the
// loss by intent, first_order and detach_error, cannot be here.
func variants() []variant {
	return []variant{
		{"signal target, mse", objective.MSE, 0, false, func(l *graph.Learner) {
			l.Signal, l.FeedbackActivation = rules.Target, graph.Relu
		}, nil},
		{"signal error, mse, linear feedback, gated, mean", objective.MSE, 0, false, func(l *graph.Learner) {
			l.Signal, l.Gated, l.Examples = rules.Error, true, graph.MeanExamples
		}, nil},
		{"signal gradient, mse, strength 1, plastic biases", objective.MSE, 0, false, func(l *graph.Learner) {
			l.Signal, l.PlasticBias, l.Strength, l.Learned.Strength = rules.Gradient, true, 1, false
		}, nil},
		{"signal target, cross_entropy, clamped, mean", objective.CrossEntropy, 0, false, func(l *graph.Learner) {
			l.Signal, l.Clamped, l.Examples = rules.Target, true, graph.MeanExamples
		}, nil},
		{"signal error, cross_entropy, relu feedback, gated, plastic biases", objective.CrossEntropy, 0, false, func(l *graph.Learner) {
			l.Signal, l.FeedbackActivation, l.Gated, l.PlasticBias = rules.Error, graph.Relu, true, true
		}, nil},
		{"signal gradient, cross_entropy, clamped, hidden scale 0.5", objective.CrossEntropy, 0, false, func(l *graph.Learner) {
			l.Signal, l.Clamped, l.HiddenScale = rules.Gradient, true, 0.5
		}, nil},
		{"signal error, mse, first layer frozen, clamped, plastic biases", objective.MSE, 1, false, func(l *graph.Learner) {
			l.Signal, l.Clamped, l.PlasticBias = rules.Error, true, true
		}, nil},
		{"signal error, cross_entropy, plastic convolution, clamped, plastic biases", objective.CrossEntropy, 0, true, func(l *graph.Learner) {
			l.Signal, l.Clamped, l.PlasticBias = rules.Error, true, true
		}, nil},
		{"signal error, mse, softplus and tanh, sigmoid feedback, gated", objective.MSE, 0, false, func(l *graph.Learner) {
			l.Signal, l.FeedbackActivation, l.Gated = rules.Error, string(op.Sigmoid), true
		}, []op.Activation{"softplus(2)", op.Tanh}},
		{"signal gradient, cross_entropy, plastic convolution of sigmoid, leaky relu, tanh feedback, gated", objective.CrossEntropy, 0, true, func(l *graph.Learner) {
			l.Signal, l.FeedbackActivation, l.Gated, l.PlasticBias = rules.Gradient, string(op.Tanh), true, true
		}, []op.Activation{op.Sigmoid, "leaky_relu(0.3)"}},
	}
}

// learner is the settings of a variant.
func (v variant) learner(rule, pathway, granularity string) graph.Learner {
	l := graph.Learner{
		Rule: rule, Pathway: pathway, Plasticity: granularity,
		FeedbackActivation: graph.Linear, Examples: graph.SumExamples,
		Strength: 0.5, InnerLR: 0.02, HiddenScale: 1, FeedbackScale: 1,
		Learned: graph.Learned{Weights: true, Feedback: true, Plasticity: true, Strength: true},
	}
	v.set(&l)
	return l
}
