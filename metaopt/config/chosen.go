package config

import (
	"reflect"

	"github.com/goccy/go-yaml"

	"metaplast/data/settings"
	"metaplast/data/settings/tree"
	"metaplast/graph"
	"metaplast/rules"
)

// The keys of a learner that take a name, or a name with settings.
const (
	ruleKey    = "rule"
	pathwayKey = "pathway"
)

// chosen decodes a rule or pathway with settings of its own.
func (d *decoder) chosen(e *tree.Entry, path string, l *graph.Learner) {
	path += "." + e.Key
	if e.Key == ruleKey {
		if r, ok := tree.Choice(&d.Decoder, e.Value, path, l.Rule, rules.LookupRule); ok {
			l.UseRule(r)
		} else if l.Rule == "" {
			l.Rule = rules.HebbName // its fault is known
		}
		return
	}
	if w, ok := tree.Choice(&d.Decoder, e.Value, path, l.Pathway, rules.LookupPathway); ok {
		l.UsePathway(w)
	}
}

// encoded is what the canonical text says of a learner: the struct, unless its rule or pathway has
// settings that are not the defaults.
func (l Learner) encoded() any {
	rule, pathway := l.chosen()
	if rule == nil && pathway == nil {
		return l
	}
	var m yaml.MapSlice
	v := reflect.ValueOf(l.Learner)
	for _, f := range settings.FieldsOf(l.Learner) {
		item := yaml.MapItem{Key: f.Key, Value: v.Field(f.Index).Interface()}
		switch {
		case f.Key == ruleKey && rule != nil:
			item.Value = rule
		case f.Key == pathwayKey && pathway != nil:
			item.Value = pathway
		case f.OmitEmpty && v.Field(f.Index).IsZero():
			continue
		}
		m = append(m, item)
	}
	if l.LearningRate != (OwnRates{}) {
		m = append(m, yaml.MapItem{Key: rateKey, Value: l.LearningRate})
	}
	return m
}

// chosen is what the text says of a rule and a pathway that have settings other than the defaults; nil
// of those that have not.
func (l Learner) chosen() (rule, pathway any) {
	if l.RuleValue != nil {
		registered, _ := rules.LookupRule(l.Rule) // of one that is not registered all settings are told
		rule = tree.Encode(l.Rule, l.RuleValue, registered)
	}
	if l.PathwayValue != nil {
		registered, _ := rules.LookupPathway(l.Pathway)
		pathway = tree.Encode(l.Pathway, l.PathwayValue, registered)
	}
	return rule, pathway
}
