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
	name   func(l *graph.Learner, name string)                           // takes the registered entry of a name, which may not exist
	decode func(d *decoder, n *tree.Node, path string, l *graph.Learner) // of what is more than a name
	text   func(l graph.Learner) any                                     // what the text says of a value with settings other than the defaults; else nil
}

var choosers = []chooser{
	{"rule", func(l *graph.Learner, name string) { l.Rule, l.RuleValue = name, nil },
		func(d *decoder, n *tree.Node, path string, l *graph.Learner) {
			if r, ok := tree.Choice(&d.Decoder, n, path, l.Rule, rules.LookupRule); ok {
				l.UseRule(r)
			}
		}, func(l graph.Learner) any { return told(l.RuleValue, rules.LookupRule) }},

	{"pathway", func(l *graph.Learner, name string) { l.Pathway, l.PathwayValue = name, nil },
		func(d *decoder, n *tree.Node, path string, l *graph.Learner) {
			if p, ok := tree.Choice(&d.Decoder, n, path, l.Pathway, rules.LookupPathway); ok {
				l.UsePathway(p)
			}
		}, func(l graph.Learner) any { return told(l.PathwayValue, rules.LookupPathway) }},

	{"output_rule", func(l *graph.Learner, name string) { l.OutputRule, l.OutputRuleValue = name, nil },
		func(d *decoder, n *tree.Node, path string, l *graph.Learner) {
			if r, ok := tree.Choice(&d.Decoder, n, path, l.OutputRule, rules.LookupRule); ok {
				l.UseOutputRule(r)
			}
		}, func(l graph.Learner) any { return told(l.OutputRuleValue, rules.LookupRule) }},

	{"modulator", func(l *graph.Learner, name string) { l.Modulator, l.ModulatorValue = name, nil },
		func(d *decoder, n *tree.Node, path string, l *graph.Learner) {
			if m, ok := tree.Choice(&d.Decoder, n, path, l.Modulator, rules.LookupModulator); ok {
				l.UseModulator(m)
			}
		}, func(l graph.Learner) any { return told(l.ModulatorValue, rules.LookupModulator) }},
}

// choose decodes one of these keys. A name alone is looked up where all values of the configuration are
// checked together; null is none of what may be left out.
func (d *decoder) choose(e *tree.Entry, path string, l *graph.Learner) {
	c, path := chooserOf(e.Key), path+"."+e.Key
	var name string
	switch {
	case e.Value.Kind == tree.Null && optional[e.Key]:
		c.name(l, "")
	case e.Value.Kind != tree.Scalar:
		c.decode(d, e.Value, path, l)
	case d.Scalar(e.Value, path, &name):
		c.name(l, name)
	}
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
