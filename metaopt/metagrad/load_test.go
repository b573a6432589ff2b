package metagrad_test

import (
	"strings"
	"testing"

	"metaplast/data/npz"
	"metaplast/metaopt/metagrad"
)

// TestLoadNames shows that nothing of a case is taken for absent: what takes no part is refused by
// its name, with the nearest that does, and so is a setting without effect.
func TestLoadNames(t *testing.T) {
	rename := func(from, to string) func(*written) {
		return func(c *written) {
			c.formulas.params[to] = c.formulas.params[from]
			delete(c.formulas.params, from)
		}
	}
	learner := func(text string) func(*written) { return func(c *written) { c.learner = text } }
	array := func(name string) npz.Named {
		return npz.Named{Name: name, Array: npz.Array{Shape: []int{1}, Data: []float64{1}}}
	}
	const output = `"rule": "oja", "feedback": {"pathway": "direct", "signal": "error", "activation": "relu", "output": "pathway"`
	for _, c := range []struct {
		name   string
		change func(*written)
		extra  []npz.Named
		says   []string
	}{
		{"one more", nil, []npz.Named{array("W01")}, []string{"W01: takes no part in this case: the nearest array that does is W0, of shape [5 3]"}},
		{"of a layer that is not there", nil, []npz.Named{array("beta3")}, []string{"beta3: takes no part", "is beta"}},
		{"misnamed", func(c *written) { rename("alpha0", "alpha_0")(c); rename("W1", "W01")(c) }, nil,
			[]string{"alpha0: missing", "alpha_0: takes no part in this case: the nearest array that does is alpha0", "W1: missing", "W01: takes no part in this case: the nearest array that does is W1"}},
		{"small letter", rename("B1", "b01"), nil, []string{"B1: missing", "b01: takes no part"}},
		{"result among the inputs", nil, []npz.Named{array("loss")}, []string{"loss: takes no part"}},
		{"biases are not plastic", nil, []npz.Named{array("alpha_b0")}, []string{"alpha_b0: takes no part", "is alpha0"}},
		{"fixed strength", learner(output + `, "strength": 0.3}, ` + alphas), nil, []string{"beta0: learner.feedback.strength fixes the strength at 0.3"}},
		{"no feedback", learner(`"rule": "oja", "feedback": {"pathway": "none", "signal": "error", "output": "pathway"}, ` + alphas), nil, []string{"B0: takes no part", "beta2: takes no part"}},
		{"field of the learner", learner(`"plasticbias": true, ` + output + `}, ` + alphas), nil, []string{`learner.plasticbias: unknown field "plasticbias": did you mean "plastic_bias"`}},
		{"field of the feedback", learner(output + `, "gate": true}, ` + alphas), nil, []string{`learner.feedback.gate: unknown field`, `"gated"`}},
		{"field in capitals", learner(`"Examples": "mean", ` + output + `}, ` + alphas), nil, []string{`learner.Examples: unknown field`, `"examples"`}},
		{"field of what is learned", learner(output + `}, "learned": {"weight": false}, ` + alphas), nil, []string{`learner.learned.weight: unknown field`, `"weights"`}},
		{"several fields", learner(`"a": 1, "b": 2, ` + output + `}, ` + alphas), nil, []string{"learner.a: ", "learner.b: "}},
		{"order of a local rule", learner(`"order": 1, ` + output + `}, ` + alphas), nil, []string{"learner.order", "first_order"}},
		{"rate beside rates", learner(`"inner_lr": 0.1, ` + output + `}, ` + alphas), nil, []string{"learner.inner_lr: takes no part"}},
		{"no rate", learner(output + `}, "plasticity": {"granularity": "none"}`), nil, []string{"learner.inner_lr: missing"}},
		{"examples", learner(`"examples": "average", ` + output + `}, ` + alphas), nil, []string{"learner.examples", `there are sum, mean`}},
		{"strength fixed and learned", learner(output + `, "strength": 0.3}, "learned": {"strength": true}, ` + alphas), nil, []string{"learner.learned.strength"}},
		{"strength without feedback", learner(`"rule": "oja", "feedback": {"pathway": "none", "signal": "error", "output": "pathway", "strength": 0.3}, ` + alphas), nil, []string{"learner.feedback.strength: takes no part"}},
		{"gated without feedback", learner(`"rule": "oja", "feedback": {"pathway": "none", "signal": "error", "output": "pathway", "gated": true}, ` + alphas), nil, []string{"learner.feedback.gated: takes no part"}},
		{"feedback of the gradient rule", learner(`"rule": "gradient", "order": 2, "feedback": {"pathway": "none", "gated": true}, ` + alphas), nil, []string{"learner.feedback: want the pathway none and nothing else"}},
		{"no order", learner(`"rule": "gradient", ` + none + `, ` + alphas), nil, []string{"learner.order: want 1 or 2"}},
		{"setting of a rule", learner(strings.Replace(output, `"oja"`, `{"name": "clip", "bound": -1, "of": "hebb"}`, 1) + `}, ` + alphas), nil,
			[]string{"learner.rule.bound: -1, want a finite number above 0"}},
		{"setting of a rule inside", learner(strings.Replace(output, `"oja"`, `{"name": "clip", "of": {"name": "decay", "lambda": 2}}`, 1) + `}, ` + alphas), nil, []string{"learner.rule.of.lambda: 2, want from 0 to 1"}},
		{"unknown setting of a rule", learner(strings.Replace(output, `"oja"`, `{"name": "bcm", "tao": 0.1}`, 1) + `}, ` + alphas), nil, []string{"learner.rule", "tao", "tau"}},
		{"unknown rule inside", learner(strings.Replace(output, `"oja"`, `{"name": "trace", "of": "ojo"}`, 1) + `}, ` + alphas), nil, []string{"learner.rule.of", "oja"}},
		{"rule of no kind", learner(strings.Replace(output, `"oja"`, `7`, 1) + `}, ` + alphas), nil, []string{"learner.rule"}},
		{"parameters missing", learner(strings.Replace(output, `"oja"`, `{"name": "trace", "of": "oja"}`, 1) + `}, ` + alphas), nil, []string{"rule.trace_lambda: missing, want an array of shape [1]"}},
		{"parameters per layer", learner(strings.Replace(output, `"oja"`, `{"name": "bcm", "learned": true}, "rule_per": "layer"`, 1) + `}, ` + alphas),
			[]npz.Named{array("rule.tau")}, []string{"rule.tau.0: missing", "state.theta.2: missing, want an array of shape [2]", "rule.tau: takes no part"}},
		{"third factor missing", learner(strings.Replace(output, `"oja"`, `"modulated"`, 1) + `}, ` + alphas), nil, []string{"modulator", "constant"}},
		{"third factor without use", learner(`"modulator": "loss", ` + output + `}, ` + alphas), nil, []string{"modulator", "no third factor"}},
		{"unknown third factor", learner(`"modulator": "rewards", ` + output + `}, ` + alphas), nil, []string{"learner.modulator", "reward"}},
		{"reward missing", learner(`"modulator": {"name": "reward"}, ` + strings.Replace(output, `"oja"`, `"modulated"`, 1) + `}, ` + alphas), nil, []string{"reward: missing, want an array of shape [3 3]"}},
		{"reward without use", nil, []npz.Named{array("reward")}, []string{"reward: takes no part"}},
		{"readout", learner(`"readout": "distances", ` + output + `}, ` + alphas), nil, []string{"learner.readout", "distance"}},
		{"readout of a rule that has none", learner(`"readout": "rule", ` + output + `}, ` + alphas), nil, []string{"readout", "dot or distance"}},
		{"local", learner(`"local": true, ` + strings.Replace(output, `"oja"`, `{"name": "normalise"}`, 1) + `}, ` + alphas), nil, []string{"local"}},
		{"loss of nothing", func(c *written) { c.outer = `{"query": 0}` }, nil, []string{"outer_loss: have 0 for both"}},
		{"loss below 0", func(c *written) { c.outer = `{"stream": -1}` }, nil, []string{"objective.stream: -1"}},
		{"field of the loss", func(c *written) { c.outer = `{"querry": 1}` }, nil, []string{"outer_loss.querry: unknown field"}},
		{"order 3", learner(`"rule": "gradient", "order": 3, ` + none + `, ` + alphas), nil, []string{"learner.order: have 3"}},
		{"two orders", learner(`"rule": "gradient", "order": 2, "first_order": true, ` + none + `, ` + alphas), nil, []string{"learner.first_order: have true beside learner.order 2"}},
	} {
		w := written{name: c.name, network: "dense", learner: output + `}, ` + alphas,
			formulas: formulas{rule: "oja", pathway: "direct", signal: "error", granularity: "synapse"}}
		w.draw()
		shapes := w.formulas.shapes()
		if c.change != nil {
			c.change(&w)
		}
		for name, p := range w.formulas.params { // what was renamed is written flat
			if shapes[name] == nil {
				c.extra = append(c.extra, npz.Named{Name: name, Array: npz.Array{Shape: []int{len(p)}, Data: parts(p)}})
				delete(w.formulas.params, name)
			}
		}
		_, err := metagrad.Load(w.write(t, c.extra...))
		for _, says := range c.says {
			if err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("%s: %v: want an error that says %q", c.name, err, says)
			}
		}
	}
}
