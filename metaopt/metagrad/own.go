package metagrad

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"gorgonia.org/tensor"

	"metaplast/data/settings/tree"
	"metaplast/graph"
	"metaplast/rules"
)

// descends reports whether a learner is gradient descent, which is no rule of the catalog.
func (l learnerFile) descends() bool { return string(bytes.TrimSpace(l.Rule)) == `"gradient"` }

// choose reads an entry of a catalog: its name, or a mapping with its name and settings, which may hold
// further entries. What is wrong with it is added to the faults.
func choose[T any](text json.RawMessage, path string, lookup func(string) (T, error), wrong *faults) (entry T, ok bool) {
	const place = "case.json"
	n, err := tree.Parse(text, func(int, int) string { return place })
	if err != nil {
		wrong.add("%s: %w", path, err)
		return entry, false
	}
	var d tree.Decoder
	entry, ok = tree.Choice(&d, n, path, "", lookup)
	for _, err := range d.Faults {
		*wrong = append(*wrong, errors.New(strings.TrimPrefix(err.Error(), place+": ")))
	}
	return entry, ok
}

// given reports whether a field that is an entry of a catalog is there.
func given(text json.RawMessage) bool { return len(text) > 0 && string(text) != "null" }

// own is what belongs to the rules themselves: the output layer's, how often parameters exist, the third factor,
// and how answers are read.
func (c *Case) own(l learnerFile, wrong *faults) {
	if given(l.OutputRule) {
		if r, ok := choose(l.OutputRule, "learner.output_rule", rules.LookupRule, wrong); ok {
			c.Learner.UseOutputRule(r)
		}
	}
	if given(l.Modulator) {
		if m, ok := choose(l.Modulator, "learner.modulator", rules.LookupModulator, wrong); ok {
			c.Learner.UseModulator(m)
		}
	}
	c.Learner.RulePer, c.Learner.RulePenalty, c.Learner.Local, c.Learner.Readout = l.RulePer, l.RulePenalty, l.Local, l.Readout
	c.Learner.FixedRule = !or(l.Learned.Rule, true)
}

// rewarded reports whether the learner's third factor is a reward, which the case then gives for every
// support example.
func (c *Case) rewarded() bool {
	m, err := c.Learner.ItsModulator()
	_, needs := m.(rules.Rewarded)
	return err == nil && needs
}

// config is what package graph builds.
func (c *Case) config() graph.Config {
	xs, xq := c.inputs["x_support"].Shape, c.inputs["x_query"].Shape
	return graph.Config{
		Network: c.Network, Learners: []graph.NamedLearner{{Name: "case", Learner: c.Learner}},
		Steps: xs[0], Batch: xs[1], Query: xq[0], Dtype: tensor.Float64, Objective: c.Objective, Reward: c.rewarded(),
	}
}
