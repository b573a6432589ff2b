package graph

import (
	"metaplast/data/suggest"
	"metaplast/rules"
)

// NamedLearner is a preset with what it stands for.
type NamedLearner struct {
	Name    string
	Summary string
	Learner Learner
}

// Presets returns the named learners.
func Presets() []NamedLearner {
	flp := Learner{
		Rule: rules.OjaName, Pathway: rules.DirectName, Signal: rules.Error, FeedbackActivation: Relu,
		Strength: 0.5, Plasticity: PerSynapse, HiddenScale: 1, Examples: SumExamples,
		FeedbackScale: 0.3, Learned: Learned{Weights: true, Feedback: true, Plasticity: true, Strength: true},
	}
	target := flp
	target.Signal = rules.Target

	dfa := flp
	dfa.Rule, dfa.FeedbackActivation, dfa.Gated, dfa.Strength = rules.HebbName, Linear, true, 1
	dfa.FeedbackScale, dfa.Clamped = 1, true // the output layer takes the error itself
	dfa.Learned.Feedback, dfa.Learned.Strength = false, false
	fa := dfa
	fa.Pathway, fa.Clamped = rules.LayeredName, false // f of the output layer is the error already

	oml := Learner{
		Rule: rules.HebbName, Pathway: rules.BackpropName, Signal: rules.Gradient, FeedbackActivation: Linear, Gated: true,
		Strength: 1, Plasticity: PerNone, InnerLR: 0.01, HiddenScale: 1, Examples: SumExamples,
		PlasticBias: true, Learned: Learned{Weights: true},
	}
	first := oml
	first.FirstOrder = true
	sgd := oml
	sgd.Plasticity, sgd.Learned.Plasticity = PerSynapse, true

	output := flp
	output.Pathway, output.Clamped, output.OutputOnly = rules.NoneName, true, true
	output.Learned.Feedback, output.Learned.Strength = false, false

	return []NamedLearner{
		{"flp", "feedback and local plasticity: learned direct feedback of the error, Oja's rule (Lindsey & Litwin-Kumar 2020)", flp},
		{"flp-target", "flp that feeds back the target instead of the error", target},
		{"dfa", "direct feedback alignment: fixed random direct feedback, gated (Nøkland 2016)", dfa},
		{"fa", "feedback alignment: fixed random layered feedback, gated (Lillicrap et al. 2016)", fa},
		{"oml", "gradient descent at a fixed rate, meta-gradient of second order (Javed & White 2019)", oml},
		{"oml-first-order", "oml with a meta-gradient of first order: the inner gradient is a constant", first},
		{"meta-sgd", "gradient descent with a learned rate per synapse (Li et al. 2017)", sgd},
		{"output-only", "no feedback: only the output layer is plastic", output},
	}
}

// Preset returns the named learner, or an error that names the nearest.
func Preset(name string) (Learner, error) {
	var known []string
	for _, p := range Presets() {
		if p.Name == name {
			return p.Learner, nil
		}
		known = append(known, p.Name)
	}
	return Learner{}, suggest.Unknown("learner preset", name, known)
}

// PresetNames are the names of the presets of learners.
func PresetNames() []string {
	var list []string
	for _, l := range Presets() {
		list = append(list, l.Name)
	}
	return list
}
