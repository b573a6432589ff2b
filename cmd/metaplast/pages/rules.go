// Package pages makes the listings of what there is to choose from, for people and as the tables of the
// pages docs/rules.md and docs/settings.md: rules, pathways, settings, presets and studies.
package pages

import (
	"bytes"
	"fmt"
	"strings"

	"metaplast/data/catalog"
	"metaplast/graph"
	"metaplast/graph/op"
	"metaplast/metaopt/config"
	"metaplast/rules"
)

// Rule is a rule or pathway in JSON.
type Rule struct {
	Name    string `json:"name"`
	Summary string `json:"summary"`
	Formula string `json:"formula"`
	Source  string `json:"source"`

	Settings []config.Setting `json:"settings,omitempty"` // that it brings itself
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

// Activations describes all of them.
func Activations() []Activation {
	var list []Activation
	for _, a := range op.DescribedActivations() {
		list = append(list, Activation{Name: string(a.Name), Summary: a.Summary, Formula: a.Formula, Slope: a.Slope, Curvature: a.Curvature, Source: a.Source})
	}
	return list
}

// Registered describes all rules and pathways.
func Registered() (local, pathways []Rule) {
	return described(rules.Rules()), described(rules.Pathways())
}

func described[T catalog.Entry](entries []T) []Rule {
	var list []Rule
	for _, e := range entries {
		i := e.Info()
		list = append(list, Rule{Name: i.Name, Summary: i.Summary, Formula: i.Formula, Source: i.Source, Settings: config.SettingsOf(e)})
	}
	return list
}

// RulesText lists rules, pathways and activations to people.
func RulesText(local, pathways []Rule) []byte {
	var b bytes.Buffer
	for _, group := range []struct {
		title string
		list  []Rule
	}{{"rules: how a synapse changes", local}, {"pathways: how the top-down signal reaches a layer", pathways}} {
		fmt.Fprintf(&b, "%s\n\n", group.title)
		for _, i := range group.list {
			fmt.Fprintf(&b, "  %s\n    %s\n      %s\n    %s\n", i.Name, i.Summary,
				strings.ReplaceAll(strings.TrimSpace(i.Formula), "\n", "\n      "), i.Source)
			for _, s := range i.Settings {
				fmt.Fprintf(&b, "    setting %s: %s, %s, default %s: %s\n", s.Path, s.Type, s.Range, s.Default, s.About)
			}
			b.WriteByte('\n')
		}
	}
	fmt.Fprint(&b, "activations: what a unit makes of what it receives, and the slope that gates read from it\n\n")
	for _, a := range Activations() {
		fmt.Fprintf(&b, "  %s\n    %s\n      h = %s,  φ′ = %s,  φ″ = %s\n", a.Name, a.Summary, a.Formula, a.Slope, a.Curvature)
		if a.Source != "" {
			fmt.Fprintf(&b, "    %s\n", a.Source)
		}
		b.WriteByte('\n')
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// RulesMarkdown is the tables of docs/rules.md: what is registered, the activations, and the settings
// of the presets of learners.
func RulesMarkdown(local, pathways []Rule) []byte {
	var b bytes.Buffer
	row := func(cells ...string) { markdownRow(&b, cells...) }
	table := func(title string, head ...string) {
		fmt.Fprintf(&b, "## %s\n\n", title)
		row(head...)
		fmt.Fprintf(&b, "|%s\n", strings.Repeat(" --- |", len(head)))
	}
	for _, group := range []struct {
		title string
		list  []Rule
	}{{"Rules", local}, {"Pathways", pathways}} {
		table(group.title, "name", "what it does", "formula", "source")
		for _, i := range group.list {
			row("`"+i.Name+"`", i.Summary, "`"+i.Formula+"`", i.Source)
		}
		b.WriteByte('\n')
	}
	table("Activations", "name", "what it is", "h = φ(z)", "φ′, from h", "φ″, from h", "source")
	for _, a := range Activations() {
		row("`"+a.Name+"`", a.Summary, "`"+a.Formula+"`", "`"+a.Slope+"`", "`"+a.Curvature+"`", a.Source)
	}
	b.WriteByte('\n')
	table("Presets of learners", "name", "rule", "pathway", "signal", "ψ", "β", "α per", "initial α", "output", "biases", "meta-gradient", "learned by the outer loop")
	for _, p := range graph.Presets() {
		l := p.Learner
		row("`"+p.Name+"`", l.Rule, l.Pathway+mark(l.Gated, ", gated"), l.Signal, l.FeedbackActivation, fmt.Sprint(l.Strength), l.Plasticity,
			fmt.Sprint(l.InnerLR), outputOf(l), plastic(l.PlasticBias), fmt.Sprint("order ", l.Order()), learnedGroups(l))
	}
	return b.Bytes()
}

// markdownRow writes a row of a table.
func markdownRow(b *bytes.Buffer, cells ...string) {
	for i, c := range cells {
		cells[i] = strings.ReplaceAll(strings.Join(strings.Fields(c), " "), "|", `\|`)
	}
	fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
}

func mark(is bool, text string) string {
	if is {
		return text
	}
	return ""
}

// outputOf says how the output layer learns.
func outputOf(l graph.Learner) string {
	out := "by the pathway"
	if l.Clamped {
		out = "clamped"
	}
	return out + mark(l.OutputOnly, ", alone plastic") + mark(l.HiddenOnly, ", not plastic")
}

func plastic(is bool) string {
	if is {
		return "plastic"
	}
	return "fixed"
}

// learnedGroups names what the outer loop changes.
func learnedGroups(l graph.Learner) string {
	rule, err := l.ItsRule()
	is := map[string]bool{graph.Weights: l.Learned.Weights, graph.Feedback: l.Learned.Feedback, graph.Plasticity: l.Learned.Plasticity,
		graph.Strength: l.Learned.Strength, graph.RuleOwn: err == nil && len(rules.ParamsOf(rule)) > 0 && !l.FixedRule}
	var list []string
	for _, group := range graph.Groups() {
		if is[group] {
			list = append(list, group)
		}
	}
	return strings.Join(list, ", ")
}
