package study

import (
	"metaplast/metaopt/measure"
)

// recoveryTuning is how the settings of the recovery of rules were chosen.
const recoveryTuning = "PENDING"

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
			{Name: "taylor", Settings: learner(", rule_penalty: 1e-4"), What: "a polynomial with 27 coefficients, from 0, with a penalty on their absolute values"},
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
