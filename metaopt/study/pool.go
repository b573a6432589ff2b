package study

import "metaplast/metaopt/measure"

const poolSource = "Shervani-Tabar & Rosenbaum 2023, figure 4"

// scalar is a learner on weights that stay as they were drawn: the outer loop learns the rate alone.
const scalar = "preset: fa, plasticity: network, inner_lr: 0.03, learned: {weights: false, feedback: false, plasticity: true, strength: false}"

// pooled is one whose rule has the rates: with α = 1 the outer loop learns the rule's coefficients alone.
func pooled(settings, penalty, rate string) string {
	return "{preset: fa, rule: {name: pool, rate: 0.03" + settings + "}, plasticity: none, inner_lr: 1, rule_penalty: " + penalty +
		", learned: {weights: false, feedback: false, plasticity: false, strength: false}, learning_rate: {rule: " + rate + "}}"
}

// poolTuning is how the rates of the arms were chosen.
const poolTuning = "Quick size, candidates side by side in runs with seeds 1001 and 1002, whose episodes no study uses; accuracy on 50 episodes of " +
	"validation classes, glyphs then Omniglot. 700 meta-steps from initial rates of 0.01: fa with an outer rate of 1e-3 0.362 0.265, 3e-3 0.362 0.266; backprop 3e-4 0.825 0.620, 1e-3 0.816 0.624; " +
	"pool 3e-4 with a penalty of 0.01 0.536 0.568, of 0.1 0.114 (most episodes diverge) 0.570, 1e-3 with 0.1 0.320 0.440; three 3e-4 with 0.01 0.835 0.633, with Oja's own rule for the subspace rule 0.713 0.593; " +
	"local 3e-4 with 0.1 0.778 0.613. 400 meta-steps from 0.03, to which rates had gone: backprop 1e-3 0.834 0.607; pool 1e-4 with 0.01 0.573 0.430, with 0.1 0.663 0.406, 2e-4 with 0.01 0.348 0.499; local 2e-4 with 0.01 0.659 0.506. " +
	"All arms start at 0.03; of pool the rate was taken with which no episode diverged, and meta-steps enough for it to get as far. The full size takes the same settings, untuned."

// rulePool asks figure 4 of the paper. As there, only coefficients and rates are meta-learned. There the
// weights and the feedback are drawn anew for every episode, which no learner here does: they are drawn once for
// each seed, and the seeds are the unit of the statistics.
func rulePool() Study {
	claim := func(id, a, b, statement, source string) Claim {
		return Claim{ID: id, Statement: statement, Source: source, Measure: Accuracy.Name, A: a, B: b}
	}
	matching := func(id, a, statement, source string) Claim {
		c := claim(id, a, "backprop", statement, source+"; that an accuracy smaller by less than a percentage point is level is our reading")
		c.Direction, c.Threshold = measure.Greater, matchPoint
		return c
	}
	const own = "not claimed there: those of the paper's terms that a synapse can compute from what is at its ends"
	return Study{
		Name: "rule-pool", Summary: "learning through fixed random feedback by a pool of ten terms with learned coefficients, against feedback alignment and backprop",
		Arms: []Arm{
			{Name: "fa", Settings: "{" + scalar + ", learning_rate: {plasticity: 1e-3}}", What: "feedback alignment: fixed random layered feedback, a learned rate"},
			{Name: "pool", Settings: pooled("", "0.1", "1e-4"), What: "the same feedback; ten terms, their coefficients learned with an L1 penalty"},
			{Name: "three", Settings: pooled(", terms: [0, 2, 9]", "0.01", "3e-4"), What: "the same feedback; the three terms that remain in the paper"},
			{Name: "local", Settings: pooled(", terms: [0, 1, 2, 3, 4, 9], oja: local", "0.1", "2e-4"), What: "the same feedback; those of the ten terms that are local, with Oja's own rule for the subspace rule"},
			{Name: "backprop", Settings: "{" + scalar + ", pathway: backprop, learning_rate: {plasticity: 1e-3}}", What: "gradient descent with a learned rate"},
		},
		Measures: []Measure{Accuracy},
		Claims: []Claim{
			claim("pool-fa", "pool", "fa", "Through fixed random feedback, a pool of plasticity rules with learned coefficients learns better than feedback alignment.", poolSource),
			matching("pool-backprop", "pool", "It is level with backprop.", poolSource+": “level with the backprop method”"),
			claim("three-fa", "three", "fa", "The three terms that remain of the pool in the paper learn better than feedback alignment.", poolSource+" and 5"),
			matching("three-backprop", "three", "They are level with backprop.", poolSource+" and 5"),
			claim("local-fa", "local", "fa", "The pool's local terms alone learn better than feedback alignment.", own),
			claim("three-local", "three", "local", "The three terms, of which the subspace rule is not local, learn better than the local ones.", own),
		},
		Tuning: poolTuning, Settings: poolSettings(),
	}
}

// poolSettings: images of 16 × 16 pixels, for the time it takes; and of each class as many drawings as Omniglot
// has, one at a time and once each, since it is with little data that feedback alignment falls behind. The
// quick network is the paper's of half the width and a layer less; the full one is the paper's.
func poolSettings() []Setting {
	changes := func(size, hidden, steps, milestone string) []string {
		return []string{
			"task.order=iid", "task.shots=15", "task.query=5", "task.size=" + size, "network.conv=[]", "network.hidden=[" + hidden + "]", "network.frozen=0",
			"network.activation=softplus(10)", "meta.steps=" + steps, "meta.batch=1", "meta.schedule.milestones=[" + milestone + "]",
			"meta.max_diverged=0", "eval.every=" + steps, "eval.episodes=200",
		}
	}
	var list []Setting
	for _, task := range []string{"glyphs", "omniglot"} {
		list = append(list,
			Setting{Size: Quick, Task: task, Preset: task + "-quick", Seeds: 5, Changes: changes("16", "80, 60, 40", "1500", "1200")},
			Setting{Size: Full, Task: task, Preset: task + "-quick", Seeds: 5, Changes: changes("28", "170, 130, 100, 70", "2000", "1500")})
	}
	return list
}
