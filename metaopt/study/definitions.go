package study

import (
	"fmt"

	"metaplast/metaopt/measure"
)

// own are the project's studies, in the order in which they are shown.
func own() []Study {
	return []Study{
		sineContinual(), sineIID(), classificationContinual(), classificationIID(),
		credit(), feedback(), plasticity(), initial(), interference(), rulePool(), ruleRecovery(),
	}
}

// Sources that several claims share.
const (
	abstract = "Lindsey & Litwin-Kumar 2020, abstract"
	matches  = abstract + ": “matches or exceeds a state-of-the-art gradient-based online meta-learning algorithm on regression and classification tasks, excelling in particular at continual learning”"
	choice   = "no claim of the paper, but a choice of its authors' code"
)

// flp is the learner of the paper's regression, with what trains steadily here: linear feedback
// and the mean over the examples of a step. README.md has figures for both.
const flp = "preset: flp, feedback_activation: linear, examples: mean, feedback_scale: 1"

// tuned is how settings of arms were chosen in regression.
const tuned = "Candidates were trained side by side in one run of the quick size with seed 1001, whose episodes no study uses, and " +
	"the one with the least median held-out loss was taken. The full size takes the same settings, which were not tuned for it. "

// sine are the settings of studies of regression.
//
// The quick size is the preset sine-quick, 2,500 meta-steps with a tenth of the rates for the last
// 500: without that the median held-out loss of the last step varies by a tenth from step to step.
func sine(order string) []Setting {
	common := []string{"task.order=" + order, "meta.max_diverged=0"}
	return []Setting{
		{Size: Quick, Task: "sine", Preset: "sine-quick", Seeds: 10,
			Changes: append([]string{"meta.steps=2500", "meta.schedule.milestones=[2000]", "eval.every=500", "eval.episodes=200"}, common...)},
		{Size: Full, Task: "sine", Preset: "sine-paper", Seeds: 5,
			Changes: append([]string{"eval.every=2000", "eval.episodes=100"}, common...)},
	}
}

// gradients are the learners that the paper's method is compared with, at their inner rates.
func gradients(oml, first, sgd float64) []Arm {
	return []Arm{
		{Name: "oml", Settings: fmt.Sprintf("{preset: oml, inner_lr: %g}", oml), What: "gradient descent at a fixed rate, meta-gradient of second order (OML)"},
		{Name: "oml-first-order", Settings: fmt.Sprintf("{preset: oml-first-order, inner_lr: %g}", first), What: "the same with a meta-gradient of first order, as in the authors' code"},
		{Name: "meta-sgd", Settings: fmt.Sprintf("{preset: meta-sgd, inner_lr: %g}", sgd), What: "gradient descent with a learned rate for each synapse (Meta-SGD)"},
	}
}

// lessLoss claims that arm a ends at a smaller loss than arm b.
func lessLoss(id, a, b, statement, source string) Claim {
	return Claim{ID: id, Statement: statement, Source: source, Measure: Loss.Name, A: a, B: b, Direction: measure.Less, Threshold: 1}
}

// againstGradients makes a claim about the first arm and each of gradients.
func againstGradients(claim func(arm, name string) Claim) []Claim {
	return []Claim{
		claim("oml", "OML"),
		claim("oml-first-order", "OML with the first-order meta-gradient of the authors' code"),
		claim("meta-sgd", "a gradient learner whose rates are learned for each synapse"),
	}
}
