package study

import (
	"fmt"

	"metaplast/metaopt/measure"
)

// classificationTuning is how the rates of the arms were chosen.
const classificationTuning = "Omniglot: candidates were trained side by side on 500 continual episodes of the quick size with seed 1001, and the one with " +
	"the highest accuracy on 200 episodes of validation classes was taken, for both orders. Inner rate of oml: 0.01 0.642, 0.03 0.680, 0.1 0.661, 0.3 0.362. " +
	"Of oml-first-order: 0.01 0.556, 0.03 0.582, 0.1 0.576, 0.3 0.355. Initial rate of meta-sgd: 0.01 0.720, 0.03 0.761, 0.1 0.740. " +
	"Scale of flp's initial feedback: 0.3 0.558, 1 0.539. " +
	"Outer rate of plasticity, by 1,000 continual meta-steps with a tenth of the rates from 800 on, the mean of seeds 1001, 1002 and 1003: " +
	"of flp 3e-4 0.577, 1e-3 0.709, 3e-3 0.750, 1e-2 0.732, 3e-2 0.501; of meta-sgd 3e-4 0.765, 1e-3 0.807, 3e-3 0.815, 1e-2 0.821, 3e-2 0.797. The full size takes the same inner rates, untuned, and flp as in the preset omniglot-paper. " +
	"Glyphs: settings of the preset glyphs-quick, untuned for oml-first-order and meta-sgd."

// target is the learner of the paper's classification: the raw targets are fed back.
const target = "{preset: flp, signal: target, clamped: true, inner_lr: 0, feedback_scale: 0.3, learning_rate: {plasticity: 3e-3}}"

// paperTarget is that of the preset omniglot-paper.
const paperTarget = "{preset: flp, signal: target, clamped: true, strength: 1, inner_lr: 0, hidden_scale: 100, feedback_scale: 0.1, " +
	"learned: {weights: true, feedback: true, plasticity: true, strength: false}}"

func classificationArms() []Arm {
	const onGlyphs = "{preset: flp, signal: target, clamped: true, inner_lr: 0, feedback_scale: 1}"
	arms := append([]Arm{{Name: "flp", Settings: target, What: "learned direct feedback of the target, Oja's rule",
		Override: map[string]string{"full/omniglot": paperTarget, "quick/glyphs": onGlyphs, "full/glyphs": onGlyphs}}}, gradients(0.03, 0.03, 0.03)...)
	sgd := &arms[len(arms)-1]
	full := sgd.Settings
	sgd.Settings = "{preset: meta-sgd, inner_lr: 0.03, learning_rate: {plasticity: 1e-2}}"
	// On glyphs, as in the preset glyphs-quick; the full size with the run's rates.
	for i := range arms[1:] {
		a := &arms[1+i]
		preset := a.Name
		a.Override = map[string]string{}
		for _, size := range Sizes() {
			a.Override[Setting{Size: size, Task: "glyphs"}.String()] = fmt.Sprintf("{preset: %s, inner_lr: 0.1}", preset)
		}
	}
	sgd.Override[Setting{Size: Full, Task: "omniglot"}.String()] = full
	return arms
}

// classificationSettings: the quick size has half the channels and units of the preset
// omniglot-quick, on which three seeds take minutes, and enough meta-steps to come near to what
// the arms reach.
func classificationSettings(order string) []Setting {
	common := []string{"task.order=" + order, "meta.max_diverged=0"}
	quick := append([]string{"meta.steps=5000", "meta.batch=1", "meta.schedule.milestones=[4000]", "eval.every=1000", "eval.episodes=300"}, common...)
	conv := "{channels: 32, kernel: 3, stride: 2, pad: 1}"
	small := []string{"network.conv=[" + conv + ", " + conv + ", " + conv + "]", "network.hidden=[64]"}
	return []Setting{
		{Size: Quick, Task: "omniglot", Preset: "omniglot-quick", Seeds: 3, Changes: append(small, quick...)},
		{Size: Quick, Task: "glyphs", Preset: "glyphs-quick", Seeds: 3, Changes: quick},
		{Size: Full, Task: "omniglot", Preset: "omniglot-paper", Seeds: 3, Changes: append([]string{"eval.episodes=500"}, common...)},
		{Size: Full, Task: "glyphs", Preset: "glyphs-quick", Seeds: 5,
			Changes: append([]string{"meta.steps=10000", "meta.schedule.milestones=[8000]", "eval.every=1000", "eval.episodes=500"}, common...)},
	}
}

func classificationContinual() Study {
	claim := func(b, name string) Claim {
		return Claim{ID: "beats-" + b, Statement: "On classification with classes one after the other, feedback and local plasticity exceeds " + name + ".",
			Source: matches, Measure: Accuracy.Name, A: "flp", B: b}
	}
	return Study{
		Name: "classification-continual", Summary: "feedback and local plasticity against gradient learners on 5 classes learned one after the other, 5 drawings each",
		Arms: classificationArms(), Measures: []Measure{Accuracy},
		Claims: againstGradients(claim),
		Tuning: classificationTuning, Settings: classificationSettings("continual"),
	}
}

// matchPoint is how much smaller an accuracy may be that “matches” another: a percentage point.
const matchPoint = -0.01

func classificationIID() Study {
	const source = matches + "; that an accuracy smaller by less than a percentage point matches is our reading"
	claim := func(b, name string) Claim {
		return Claim{ID: "matches-" + b, Statement: "On classification with all classes' drawings in random order, feedback and local plasticity matches or exceeds " + name + ".",
			Source: source, Measure: Accuracy.Name, A: "flp", B: b, Direction: measure.Greater, Threshold: matchPoint}
	}
	return Study{
		Name: "classification-iid", Summary: "feedback and local plasticity against gradient learners on 5 classes learned all at once, 5 drawings each",
		Arms: classificationArms(), Measures: []Measure{Accuracy},
		Claims: againstGradients(claim),
		Tuning: classificationTuning, Settings: classificationSettings("iid"),
	}
}
