package rulestest

import (
	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/rules"
)

// variant is one choice of the settings beside rule, pathway and granularity.
type variant struct {
	name   string
	loss   string
	frozen int
	conv   bool // the first layer is a convolution, see episodeNetwork
	set    func(l *graph.Learner)
}

// variants are few, but each pair of a loss and a signal occurs, and each other setting
// with either value. Settings under which the meta-gradient is not the derivative of the
// loss by intent, first_order and detach_error, cannot be here.
func variants() []variant {
	return []variant{
		{"signal target, mse", objective.MSE, 0, false, func(l *graph.Learner) {
			l.Signal, l.FeedbackActivation = rules.Target, graph.Relu
		}},
		{"signal error, mse, linear feedback, gated, mean", objective.MSE, 0, false, func(l *graph.Learner) {
			l.Signal, l.Gated, l.Examples = rules.Error, true, graph.MeanExamples
		}},
		{"signal gradient, mse, strength 1, plastic biases", objective.MSE, 0, false, func(l *graph.Learner) {
			l.Signal, l.PlasticBias, l.Strength, l.Learned.Strength = rules.Gradient, true, 1, false
		}},
		{"signal target, cross_entropy, clamped, mean", objective.CrossEntropy, 0, false, func(l *graph.Learner) {
			l.Signal, l.Clamped, l.Examples = rules.Target, true, graph.MeanExamples
		}},
		{"signal error, cross_entropy, relu feedback, gated, plastic biases", objective.CrossEntropy, 0, false, func(l *graph.Learner) {
			l.Signal, l.FeedbackActivation, l.Gated, l.PlasticBias = rules.Error, graph.Relu, true, true
		}},
		{"signal gradient, cross_entropy, clamped, hidden scale 0.5", objective.CrossEntropy, 0, false, func(l *graph.Learner) {
			l.Signal, l.Clamped, l.HiddenScale = rules.Gradient, true, 0.5
		}},
		{"signal error, mse, first layer frozen, clamped, plastic biases", objective.MSE, 1, false, func(l *graph.Learner) {
			l.Signal, l.Clamped, l.PlasticBias = rules.Error, true, true
		}},
		{"signal error, cross_entropy, plastic convolution, clamped, plastic biases", objective.CrossEntropy, 0, true, func(l *graph.Learner) {
			l.Signal, l.Clamped, l.PlasticBias = rules.Error, true, true
		}},
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
