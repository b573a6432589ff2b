package config

import (
	"reflect"

	"github.com/goccy/go-yaml"

	"metaplast/data/catalog"
	"metaplast/data/settings"
	"metaplast/data/settings/tree"
	"metaplast/graph"
	"metaplast/rules"
)

// chooser is for a key of a learner that takes a name, or a name with settings.
type chooser struct {
	key    string
	decode func(d *decoder, n *tree.Node, path string, l *graph.Learner)
	text   func(l graph.Learner) any // what the text says of a value with settings other than the defaults; else nil
}

var choosers = []chooser{
	{"rule", func(d *decoder, n *tree.Node, path string, l *graph.Learner) {
		if r, ok := tree.Choice(&d.Decoder, n, path, l.Rule, rules.LookupRule); ok {
			l.UseRule(r)
		}
	}, func(l graph.Learner) any { return told(l.RuleValue, rules.LookupRule) }},

	{"pathway", func(d *decoder, n *tree.Node, path string, l *graph.Learner) {
		if p, ok := tree.Choice(&d.Decoder, n, path, l.Pathway, rules.LookupPathway); ok {
			l.UsePathway(p)
		}
	}, func(l graph.Learner) any { return told(l.PathwayValue, rules.LookupPathway) }},

	{"output_rule", func(d *decoder, n *tree.Node, path string, l *graph.Learner) {
		if n.Kind == tree.Null {
			l.OutputRule, l.OutputRuleValue = "", nil
		} else if r, ok := tree.Choice(&d.Decoder, n, path, l.OutputRule, rules.LookupRule); ok {
			l.UseOutputRule(r)
		}
	}, func(l graph.Learner) any { return told(l.OutputRuleValue, rules.LookupRule) }},

	{"modulator", func(d *decoder, n *tree.Node, path string, l *graph.Learner) {
		if n.Kind == tree.Null {
			l.Modulator, l.ModulatorValue = "", nil
		} else if m, ok := tree.Choice(&d.Decoder, n, path, l.Modulator, rules.LookupModulator); ok {
			l.UseModulator(m)
		}
	}, func(l graph.Learner) any { return told(l.ModulatorValue, rules.LookupModulator) }},
}

// chooserOf is the chooser of a key, or nil.
func chooserOf(key string) *chooser {
	for i := range choosers {
		if choosers[i].key == key {
			return &choosers[i]
		}
	}
	return nil
}

func told[T catalog.Entry](value T, lookup func(string) (T, error)) any {
	if any(value) == nil {
		return nil
	}
	text, _ := encodeChoice(value, lookup)
	return text
}

// encoded is what the canonical text says of a learner: the struct, unless something that it chooses has
// settings that are not the defaults.
func (l Learner) encoded() any {
	own := false
	var m yaml.MapSlice
	v := reflect.ValueOf(l.Learner)
	for _, f := range settings.FieldsOf(l.Learner) {
		item := yaml.MapItem{Key: f.Key, Value: v.Field(f.Index).Interface()}
		if c := chooserOf(f.Key); c != nil {
			if text := c.text(l.Learner); text != nil {
				item.Value, own = text, true
			}
		}
		if !f.OmitEmpty || !v.Field(f.Index).IsZero() {
			m = append(m, item)
		}
	}
	if !own {
		return l
	}
	if l.LearningRate != (OwnRates{}) {
		m = append(m, yaml.MapItem{Key: rateKey, Value: l.LearningRate})
	}
	return m
}
