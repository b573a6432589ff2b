package study

import (
	"fmt"

	"metaplast/metaopt/measure"
)

// classificationTuning is how the inner rates of the gradient learners were chosen.
const classificationTuning = "Omniglot: the initial inner rates of the gradient learners are the best of 0.01, 0.03, 0.1 and 0.3 on validation classes " +
	"after 300 continual episodes, as in the preset omniglot-compare; the same are taken for the i.i.d. order and the full size. Glyphs: those of the preset glyphs-quick. " +
	"flp is that of the presets; its initial plasticity is 0."

// target is the learner of the paper's classification: the raw targets are fed back.
const target = "{preset: flp, signal: target, clamped: true, inner_lr: 0, feedback_scale: 1}"

// paperTarget is that of the preset omniglot-paper.
const paperTarget = "{preset: flp, signal: target, clamped: true, strength: 1, inner_lr: 0, hidden_scale: 100, feedback_scale: 0.1, " +
	"learned: {weights: true, feedback: true, plasticity: true, strength: false}}"

func classificationArms() []Arm {
	arms := append([]Arm{{Name: "flp", Settings: target, Override: map[string]string{"full/omniglot": paperTarget},
		What: "learned direct feedback of the target, Oja's rule"}}, gradients(0.03, 0.03, 0.03)...)
	// On glyphs, as in the preset glyphs-quick.
	for i := range arms[1:] {
		a := &arms[1+i]
		preset := a.Name
		a.Override = map[string]string{}
		for _, size := range Sizes() {
			a.Override[Setting{Size: size, Task: "glyphs"}.String()] = fmt.Sprintf("{preset: %s, inner_lr: 0.1}", preset)
		}
	}
	return arms
}

func classificationSettings(order string) []Setting {
	common := []string{"task.order=" + order, "meta.max_diverged=0"}
	quick := append([]string{"meta.steps=2000", "meta.batch=1", "meta.schedule.milestones=[1600]", "eval.every=500", "eval.episodes=200"}, common...)
	return []Setting{
		{Size: Quick, Task: "omniglot", Preset: "omniglot-quick", Seeds: 3, Changes: quick},
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
