package cli

import (
	"bytes"
	"fmt"
	"strings"

	"metaplast/graph"
)

// rulesMarkdown is the tables of docs/rules.md: what is registered, and the settings of the
// presets of learners.
func rulesMarkdown(local, pathways []ruleInfo) []byte {
	var b bytes.Buffer
	row := func(cells ...string) { markdownRow(&b, cells...) }
	table := func(title string, head ...string) {
		fmt.Fprintf(&b, "## %s\n\n", title)
		row(head...)
		fmt.Fprintf(&b, "|%s\n", strings.Repeat(" --- |", len(head)))
	}
	for _, group := range []struct {
		title string
		list  []ruleInfo
	}{{"Rules", local}, {"Pathways", pathways}} {
		table(group.title, "name", "what it does", "formula", "source")
		for _, i := range group.list {
			row("`"+i.Name+"`", i.Summary, "`"+i.Formula+"`", i.Source)
		}
		b.WriteByte('\n')
	}
	table("Presets of learners", "name", "rule", "pathway", "signal", "ψ", "β", "α per", "initial α", "output", "biases", "meta-gradient", "learned by the outer loop")
	for _, p := range graph.Presets() {
		l := p.Learner
		row("`"+p.Name+"`", l.Rule, l.Pathway+mark(l.Gated, ", gated"), l.Signal, l.FeedbackActivation, fmt.Sprint(l.Strength), l.Plasticity,
			fmt.Sprint(l.InnerLR), outputOf(l), plastic(l.PlasticBias), fmt.Sprint("order ", l.Order()), learnedGroups(l.Learned))
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
	return out + mark(l.OutputOnly, ", alone plastic")
}

func plastic(is bool) string {
	if is {
		return "plastic"
	}
	return "fixed"
}

// learnedGroups names what the outer loop changes.
func learnedGroups(l graph.Learned) string {
	var list []string
	for i, is := range []bool{l.Weights, l.Feedback, l.Plasticity, l.Strength} {
		if is {
			list = append(list, graph.Groups()[i])
		}
	}
	return strings.Join(list, ", ")
}
