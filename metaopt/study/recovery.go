package study

import (
	"metaplast/metaopt/measure"
)

// recoveryTuning is how the settings of the recovery of rules were chosen.
const recoveryTuning = "Candidates were trained with the seeds 1001 to 1012, which no study uses, at the quick size. The penalty, that which found the rule with most of " +
	"them: with Oja all do with each of 0, 1e-6 (four seeds), 1e-5, 3e-5, 1e-4 and 3e-4 (four seeds), with sparse rules 10 of 12 with 0, 11 with 1e-5, 12 with 3e-5, 10 with 1e-4. " +
	"Four seeds alone had spoken for 1e-4, which found 10 Oja and 8 sparse rules in a first run of the study; coefficients that the answers tell little of are drawn to 0 in proportion to it. " +
	"With 1e-4 and four seeds an outer rate of 0.01 is as good as 0.03, and 0.1 loses three with Oja and one with sparse rules; beta2 of 0.9 and 0.999 and a clip of 1 find Oja with all four, too. " +
	"Activation, rate and length were found beforehand by a program of its own on the initial weights of seeds 1 to 10: units that are linear, or sigmoid and so never " +
	"negative, correlate the powers of their activity and take many times the steps; where the output layer is plastic as well, or alone, the one output tells too little. " +
	"The full size has a smaller outer rate, which longer trajectories need, and was not tuned beyond that."

func ruleRecovery() Study {
	const (
		mehta = "Mehta et al., Model-based inference of synaptic plasticity rules, NeurIPS 2024: Oja's rule is recovered from trajectories of activity"
		bound = mehta + "; the bounds are our reading"
	)
	learner := func(penalty string) string {
		return "{preset: output-only, output_only: false, hidden_only: true, clamped: false, rule: taylor, plasticity: none, inner_lr: 0.1, examples: mean" + penalty +
			", learned: {weights: false, feedback: false, plasticity: false, strength: false}}"
	}
	above := func(id string, m Measure, threshold float64, statement string) Claim {
		return Claim{ID: id, Statement: statement, Source: bound, Measure: m.Name, A: "taylor", Direction: measure.Greater, Threshold: threshold}
	}
	found := above("found", Found, 0.5, "With at least nine of ten seeds every coefficient of the planted rule is found to within 5 %, and every other one is at most 0.02.")
	found.Share = 0.9
	// The first layer is plastic and the one output is seen, at Mehta's sizes 2-10-1 and activation.
	const tasks = "task={kind: planted, inputs: 2, hidden: 10, outputs: 1, activation: tanh, rate: 0.1, batch: 1, query: 8, "
	setting := func(size, task, settings string, changes ...string) Setting {
		return Setting{Size: size, Task: task, Preset: "planted-quick", Seeds: 10, Changes: append([]string{tasks + settings + "}"}, changes...)}
	}
	// One block of Mehta's 80 trials.
	long := []string{"meta.learning_rate.rule=0.01", "meta.steps=5000", "meta.schedule.milestones=[2500,3500,4500]"}
	return Study{
		Name: "rule-recovery", Summary: "the coefficients of a planted rule, found from the answers of a network that changes by it",
		Arms: []Arm{
			{Name: "taylor", Settings: learner(", rule_penalty: 3e-5"), What: "a polynomial with 27 coefficients, from 0, with a penalty on their absolute values"},
			{Name: "no-penalty", Settings: learner(""), What: "the same without the penalty"},
		},
		Measures: []Measure{Found, TrueError, FalseSize, Support, R2Weights, R2Activity, Deviance},
		Claims: []Claim{
			found,
			above("weights", R2Weights, 0.99, "On trajectories never seen, more than 99 % of the variance of the weights is explained."),
			above("activity", R2Activity, 0.99, "So is that of the activities."),
			above("deviance", Deviance, 99, "And more than 99 % of the deviance of the answers."),
			{ID: "penalty", Statement: "The penalty brings coefficients that the rule does not have nearer to 0.", Source: mehta + ", with a penalty of 1e-2 on a sum of losses",
				Measure: FalseSize.Name, A: "taylor", B: "no-penalty", Direction: measure.Less, Threshold: 1},
		},
		Tuning: recoveryTuning,
		Settings: []Setting{
			setting(Quick, "oja", "rule: oja, steps: 20"),
			setting(Quick, "sparse", "rule: sparse, terms: 4, steps: 20"),
			setting(Full, "oja", "rule: oja, steps: 80", long...),
			setting(Full, "sparse", "rule: sparse, terms: 4, steps: 80", long...),
		},
	}
}
