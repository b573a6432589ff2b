package config

import (
	"fmt"

	"github.com/goccy/go-yaml"

	"metaplast/data/settings/tree"
	"metaplast/graph"
)

// Learners are the learners of a run, in order. In YAML they are a mapping from the name to
// the settings: a preset and what differs from it, or every setting.
type Learners []Learner

// Learner is one of them. It has no preset any more: every setting is explicit.
type Learner struct {
	Name          string `yaml:"-"`
	graph.Learner `yaml:",inline"`
	LearningRate  OwnRates `yaml:"learning_rate,omitempty"`
}

// OwnRates are outer learning rates of one learner, where they differ from those of the run
// (meta.learning_rate). A group that is nil takes the run's.
type OwnRates struct {
	Weights    *float64 `yaml:"weights,omitempty" range:"from 0"`    // this learner's own outer rate of initial weights and biases
	Feedback   *float64 `yaml:"feedback,omitempty" range:"from 0"`   // this learner's own outer rate of feedback weights and biases
	Plasticity *float64 `yaml:"plasticity,omitempty" range:"from 0"` // this learner's own outer rate of plasticity α
	Strength   *float64 `yaml:"strength,omitempty" range:"from 0"`   // this learner's own outer rate of feedback strength β
	Rule       *float64 `yaml:"rule,omitempty" range:"from 0"`       // this learner's own outer rate of what rules and modulators learn themselves
}

// rates are those that are given, by group.
func (r OwnRates) rates() map[string]float64 {
	given := map[string]float64{}
	for group, v := range map[string]*float64{graph.Weights: r.Weights, graph.Feedback: r.Feedback, graph.Plasticity: r.Plasticity,
		graph.Strength: r.Strength, graph.RuleOwn: r.Rule} {
		if v != nil {
			given[group] = *v
		}
	}
	return given
}

// MarshalYAML gives the mapping in the order of the learners.
func (l Learners) MarshalYAML() (any, error) {
	m := make(yaml.MapSlice, len(l))
	for i, v := range l {
		m[i] = yaml.MapItem{Key: v.Name, Value: v.encoded()}
	}
	return m, nil
}

// optional are the settings that a learner without a preset may leave out: what is off.
var optional = map[string]bool{
	"detach_error": true, "gated": true, "clamped": true, "plastic_bias": true, "first_order": true, "output_only": true, "hidden_only": true,
	"random_plastic": true, "output_rule": true, "rule_per": true, "fixed_rule": true, "rule_penalty": true, "local": true, "modulator": true,
	"readout": true,
}

// rateKey is the key of a learner's own learning rates.
const rateKey = "learning_rate"

// Encode returns the canonical YAML: every field, in a fixed order. It fails where Parse would
// refuse the text for its size.
func (c *Config) Encode() ([]byte, error) {
	text, err := yaml.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("encode the configuration: %w", err)
	}
	if len(text) > tree.MaxFile {
		return nil, fmt.Errorf("the configuration written out has %d bytes, want at most %d, or it could not be read again", len(text), tree.MaxFile)
	}
	return text, nil
}
