package pages

import (
	"bytes"
	"fmt"
	"strings"

	"metaplast/graph"
)

// Text lists rules, pathways, modulators and activations to people.
func (c Catalog) Text() []byte {
	var b bytes.Buffer
	for _, g := range c.groups() {
		if len(g.list) == 0 {
			continue
		}
		fmt.Fprintf(&b, "%s: %s\n\n", g.title, g.about)
		for _, i := range g.list {
			fmt.Fprintf(&b, "  %s\n    %s\n      %s\n    %s\n", i.Name, i.Summary,
				strings.ReplaceAll(strings.TrimSpace(i.Formula), "\n", "\n      "), i.Source)
			for _, s := range i.Settings {
				fmt.Fprintf(&b, "    setting %s: %s, %s, default %s: %s\n", s.Path, s.Type, s.Range, s.Default, s.About)
			}
			for _, line := range i.own() {
				fmt.Fprintf(&b, "    %s\n", line)
			}
			b.WriteByte('\n')
		}
	}
	fmt.Fprint(&b, "activations: what a unit makes of what it receives, and the slope that gates read from it\n\n")
	for _, a := range c.Activations {
		fmt.Fprintf(&b, "  %s\n    %s\n      h = %s,  φ′ = %s,  φ″ = %s\n", a.Name, a.Summary, a.Formula, a.Slope, a.Curvature)
		if a.Source != "" {
			fmt.Fprintf(&b, "    %s\n", a.Source)
		}
		b.WriteByte('\n')
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// own is what a rule or modulator has beside its formula, in lines.
func (r Rule) own() (lines []string) {
	lines = append(lines, declared("parameter", "parameters", r.Parameters)...)
	lines = append(lines, declared("variable", "variables", r.State)...)
	if r.ThirdFactor {
		lines = append(lines, "third factor: needs a modulator")
	}
	if r.Reads {
		lines = append(lines, "readout: as output_rule with readout: rule it says how answers are read")
	}
	if r.NeedsReward {
		lines = append(lines, "needs a task that gives a reward")
	}
	if r.NotLocal != "" {
		lines = append(lines, "not local: "+r.NotLocal)
	}
	return lines
}

// few is how many parameters of one kind are told one by one.
const few = 6

// declared tells parameters or variables: a line each, or one line where there are many alike.
func declared(one, many string, list []Declared) (lines []string) {
	for from := 0; from < len(list); {
		d, to := list[from], from+1
		for to < len(list) && list[to].Shape == d.Shape && list[to].Learned == d.Learned && list[to].Sparse == d.Sparse && list[to].Spread == d.Spread {
			to++
		}
		if to-from <= few {
			lines = append(lines, fmt.Sprintf("%s %s %s, at first %v%s: %s", one, d.Name, d.Shape, d.Initial, d.adds(), d.About))
			from++
			continue
		}
		lines = append(lines, fmt.Sprintf("%d %s %s to %s, each %s%s, such as %s: %s", to-from, many, d.Name, list[to-1].Name, d.Shape, d.adds(), list[to-1].Name, list[to-1].About))
		from = to
	}
	return lines
}

// adds is what there is to say of a parameter or variable behind its initial value.
func (d Declared) adds() (s string) {
	if d.Spread > 0 {
		s += fmt.Sprintf(" ± %v", d.Spread)
	}
	if d.Learned {
		s += ", learned"
	}
	if d.Sparse {
		s += ", sparse under rule_penalty"
	}
	return s
}

// Markdown is the tables of docs/rules.md: the catalog, and the settings of the presets of learners.
func (c Catalog) Markdown() []byte {
	var b bytes.Buffer
	row := func(cells ...string) { markdownRow(&b, cells...) }
	table := func(title string, head ...string) {
		fmt.Fprintf(&b, "## %s\n\n", title)
		row(head...)
		fmt.Fprintf(&b, "|%s\n", strings.Repeat(" --- |", len(head)))
	}
	for _, g := range c.groups() {
		if len(g.list) == 0 {
			continue
		}
		head := []string{"name", "what it does", "formula", "source"}
		if g.owns {
			head = append(head, "parameters, variables, what else it needs")
		}
		table(strings.ToUpper(g.title[:1])+g.title[1:], head...)
		for _, i := range g.list {
			cells := []string{"`" + i.Name + "`", i.Summary, "`" + i.Formula + "`", i.Source}
			if g.owns {
				cells = append(cells, strings.Join(i.own(), "; "))
			}
			row(cells...)
		}
		b.WriteByte('\n')
	}
	table("Activations", "name", "what it is", "h = φ(z)", "φ′, from h", "φ″, from h", "source")
	for _, a := range c.Activations {
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
	is := map[string]bool{graph.Weights: l.Learned.Weights, graph.Feedback: l.Learned.Feedback, graph.Plasticity: l.Learned.Plasticity,
		graph.Strength: l.Learned.Strength, graph.RuleOwn: l.LearnsRule()}
	var list []string
	for _, group := range graph.Groups() {
		if is[group] {
			list = append(list, group)
		}
	}
	return strings.Join(list, ", ")
}
