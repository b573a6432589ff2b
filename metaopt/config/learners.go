package config

import (
	"fmt"

	"github.com/goccy/go-yaml"

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
}

// rates are those that are given, by group.
func (r OwnRates) rates() map[string]float64 {
	given := map[string]float64{}
	for i, v := range []*float64{r.Weights, r.Feedback, r.Plasticity, r.Strength} {
		if v != nil {
			given[graph.Groups()[i]] = *v
		}
	}
	return given
}

// MarshalYAML gives the mapping in the order of the learners.
func (l Learners) MarshalYAML() (any, error) {
	m := make(yaml.MapSlice, len(l))
	for i, v := range l {
		m[i] = yaml.MapItem{Key: v.Name, Value: v}
	}
	return m, nil
}

// optional are the settings that a learner without a preset may leave out: what is off.
var optional = map[string]bool{
	"detach_error": true, "gated": true, "clamped": true, "plastic_bias": true, "first_order": true, "output_only": true,
	"random_plastic": true,
}

// rateKey is the key of a learner's own learning rates.
const rateKey = "learning_rate"

// learners decodes the mapping of learners.
func (d *decoder) learners(v *value, path string) Learners {
	if v.kind != mapping {
		d.want(v, path, "a mapping from names to learners")
		return nil
	}
	var list Learners
	for _, e := range v.entries {
		p := path + "." + e.key
		if !nameRule.MatchString(e.key) {
			d.fault(e.at, "%s: the name of a learner has letters, digits, \"-\" and \"_\" only, at most 64", p)
			continue
		}
		if e.value.kind != mapping {
			d.want(e.value, p, "a mapping, such as {preset: flp}")
			continue
		}
		l := Learner{Name: e.key}
		settings := *e.value
		settings.entries = nil
		preset := false
		for _, s := range e.value.entries {
			if s.key == rateKey {
				d.structure(s.value, p+"."+rateKey, &l.LearningRate)
				continue
			}
			if s.key != "preset" {
				settings.entries = append(settings.entries, s)
				continue
			}
			var name string
			if !d.scalar(s.value, p+".preset", &name) {
				preset = true // a second complaint about missing settings would be no help
				continue
			}
			var err error
			if l.Learner, err = graph.Preset(name); err != nil {
				d.fault(s.at, "%s.preset: %v", p, err)
			}
			preset = true
		}
		d.known = []string{"preset", rateKey}
		d.structure(&settings, p, &l.Learner)
		if !preset {
			d.complete(e, p)
		}
		list = append(list, l)
	}
	return list
}

// complete complains about settings that a learner without a preset leaves out.
func (d *decoder) complete(e *entry, path string) {
	var missing []string
	for _, k := range fieldNames(graph.Learner{}) {
		if !optional[k] && e.value.find(k) == nil {
			missing = append(missing, k)
		}
	}
	if len(missing) > 0 {
		d.fault(e.at, "%s: without a preset, these settings are missing: %s", path, join(missing))
	}
}

// Encode returns the canonical YAML: every field, in a fixed order. It fails where Parse would
// refuse the text for its size.
func (c *Config) Encode() ([]byte, error) {
	text, err := yaml.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("encode the configuration: %w", err)
	}
	if len(text) > maxFile {
		return nil, fmt.Errorf("the configuration written out has %d bytes, want at most %d, or it could not be read again", len(text), maxFile)
	}
	return text, nil
}
