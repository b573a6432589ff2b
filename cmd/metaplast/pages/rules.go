// Package pages makes the listings of what there is to choose from, for people and as the tables of the
// pages docs/rules.md and docs/settings.md: rules, pathways, settings, presets and studies.
package pages

import (
	"reflect"
	"strconv"
	"strings"

	"metaplast/data/catalog"
	"metaplast/data/settings"
	"metaplast/graph/op"
	"metaplast/metaopt/config"
	"metaplast/rules"
)

// Catalog is what there is to choose from, in JSON.
type Catalog struct {
	Rules       []Rule       `json:"rules"`
	Pathways    []Rule       `json:"pathways"`
	Modulators  []Rule       `json:"modulators"`
	Activations []Activation `json:"activations"`
}

// Rule is a rule, pathway or modulator.
type Rule struct {
	Name    string `json:"name"`
	Summary string `json:"summary"`
	Formula string `json:"formula"`
	Source  string `json:"source"`

	Settings []config.Setting `json:"settings,omitempty"` // that it brings itself

	// Of rules and modulators, with the settings that they have by default.

	Of          []string   `json:"of,omitempty"` // settings that are rules: it is made of these
	Parameters  []Declared `json:"parameters,omitempty"`
	State       []Declared `json:"state,omitempty"`
	ThirdFactor bool       `json:"third_factor,omitempty"` // whether it needs a modulator
	Reads       bool       `json:"reads,omitempty"`        // whether it has a readout of its own
	NotLocal    string     `json:"not_local,omitempty"`    // what a synapse sees that it cannot see in a brain
	NeedsReward bool       `json:"needs_reward,omitempty"` // of the task
}

// Declared is a parameter or a variable of a rule or modulator.
type Declared struct {
	Name    string  `json:"name"`
	Shape   string  `json:"shape"` // [out,in], [out] or [in] of a variable; n is the number of units of the top hidden layer
	Initial float64 `json:"initial"`
	Spread  float64 `json:"spread,omitempty"` // standard deviation around the initial value
	Learned bool    `json:"learned"`
	Sparse  bool    `json:"sparse,omitempty"` // whether rule_penalty draws it to 0
	About   string  `json:"about"`
}

// Activation is one in JSON.
type Activation struct {
	Name      string `json:"name"` // with a letter for the number that it takes
	Summary   string `json:"summary"`
	Formula   string `json:"formula"`   // h = φ(z)
	Slope     string `json:"slope"`     // φ′ of h
	Curvature string `json:"curvature"` // φ″ of h
	Source    string `json:"source"`    // nothing for the identity
}

// Registered describes all entries of which want is true; nil stands for all.
func Registered(want func(entry any) bool) Catalog {
	c := Catalog{Rules: described(rules.Rules(), want), Pathways: described(rules.Pathways(), want), Modulators: described(rules.Modulators(), want)}
	for _, a := range op.DescribedActivations() {
		c.Activations = append(c.Activations, Activation{Name: string(a.Name), Summary: a.Summary, Formula: a.Formula, Slope: a.Slope, Curvature: a.Curvature, Source: a.Source})
	}
	return c
}

func described[T catalog.Entry](entries []T, want func(any) bool) []Rule {
	list := []Rule{}
	for _, e := range entries {
		if want != nil && !want(e) {
			continue
		}
		i := e.Info()
		r := Rule{Name: i.Name, Summary: i.Summary, Formula: i.Formula, Source: i.Source, Settings: config.SettingsOf(e)}
		switch e := any(e).(type) {
		case rules.Rule:
			r.ofRule(e)
		case rules.Modulator:
			for _, p := range e.Params(manyUnits) {
				r.Parameters = append(r.Parameters, parameter(p))
			}
			_, r.NeedsReward = e.(rules.Rewarded)
		}
		list = append(list, r)
	}
	return list
}

// manyUnits stands for the number of units of the top hidden layer, which is told as n.
const manyUnits = 1<<20 + 7

func (r *Rule) ofRule(rule rules.Rule) {
	for _, f := range settings.FieldsOf(rule) {
		if f.Type == reflect.TypeFor[rules.Rule]() {
			r.Of = append(r.Of, f.Key)
		}
	}
	for _, p := range rules.ParamsOf(rule) {
		r.Parameters = append(r.Parameters, parameter(p))
	}
	shapes := map[rules.Extent]string{rules.PerSynapse: "[out,in]", rules.PerPost: "[out]", rules.PerPre: "[in]"}
	for _, v := range rules.StateOf(rule) {
		r.State = append(r.State, Declared{Name: v.Name, Shape: shapes[v.Per], Initial: v.Initial, Learned: v.Learned, About: v.About})
	}
	r.ThirdFactor, r.NotLocal = rules.Sees(rule).Modulator, rules.Locality(rule)
	_, r.Reads = rule.(rules.Reader)
}

func parameter(p rules.Param) Declared {
	var dims []string
	for _, d := range p.Dims() {
		dims = append(dims, strings.Replace(strconv.Itoa(d), strconv.Itoa(manyUnits), "n", 1))
	}
	return Declared{Name: p.Name, Shape: "[" + strings.Join(dims, ",") + "]", Initial: p.Initial, Spread: p.Spread, Learned: !p.Fixed, Sparse: p.Sparse, About: p.About}
}

// made are the rules that are made of rules, and simple those that are not.
func (c Catalog) made() (simple, made []Rule) {
	for _, r := range c.Rules {
		if len(r.Of) > 0 {
			made = append(made, r)
		} else {
			simple = append(simple, r)
		}
	}
	return simple, made
}

// group is a part of the listing.
type group struct {
	title, about string
	list         []Rule
	owns         bool // whether its entries may have parameters, state and the like
}

func (c Catalog) groups() []group {
	simple, made := c.made()
	return []group{
		{"rules", "how a synapse changes", simple, true},
		{"rules of rules", "what becomes of the change by the rule inside", made, true},
		{"pathways", "how the top-down signal reaches a layer", c.Pathways, false},
		{"modulators", "the third factor, for rules that have one", c.Modulators, true},
	}
}
