package draw

import (
	"bytes"
	"fmt"
	"strings"

	"metaplast/graph"
)

// DOT is the picture in Graphviz's language, with all edges: a cluster for each learner and
// in it one for each group.
//
//	dot -Tpdf episode.dot > episode.pdf
//
// The language is that of https://graphviz.org/doc/info/lang.html. Statements are in the order
// of groups and of making.
func (p *Picture) DOT() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "// %s: the graph of an episode; render with dot -Tsvg\n", strings.ReplaceAll(p.Title, "\n", " "))
	fmt.Fprintf(&b, "digraph episode {\n\trankdir=LR;\n\tlabel=%s;\n\tlabelloc=t;\n", quote(p.Title))
	b.WriteString("\tfontname=\"Helvetica\";\n\tnode [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=10, height=0.3];\n")
	b.WriteString("\tedge [color=\"#64748b\", arrowsize=0.5];\n")
	learner, open := "", false
	for i, s := range p.places() {
		if s.Learner != "" && (!open || s.Learner != learner) {
			if open {
				b.WriteString("\t}\n")
			}
			learner, open = s.Learner, true
			fmt.Fprintf(&b, "\tsubgraph cluster_learner_%d {\n\t\tlabel=%s;\n", i, quote(learner))
		}
		fmt.Fprintf(&b, "\t\tsubgraph cluster_%d {\n\t\t\tlabel=%s;\n\t\t\tstyle=rounded;\n\t\t\tcolor=\"#94a3b8\";\n", i, quote(s.Name()))
		for j, box := range p.Boxes {
			if box.Place == s {
				fmt.Fprintf(&b, "\t\t\tn%d [label=%s, fillcolor=%s, color=%s];\n", j, quote(strings.Join(box.lines(), "\n")), quote(box.fill()), quote(box.ink()))
			}
		}
		b.WriteString("\t\t}\n")
	}
	if open {
		b.WriteString("\t}\n")
	}
	for j, box := range p.Boxes {
		for _, r := range box.Reads {
			fmt.Fprintf(&b, "\tn%d -> n%d;\n", r, j)
		}
	}
	b.WriteString("}\n")
	return b.Bytes()
}

// quote makes a double-quoted string of the language, in which \n breaks the line and other
// backslashes would mean something.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

// lines is what a box says: what computes, what is computed, and what it is to the outside.
func (b Box) lines() []string {
	list := []string{b.Kind}
	if b.Kind == "input" {
		list = nil
	}
	text := b.Symbol
	for i, s := range b.Shapes {
		if i > 0 && i%2 == 0 { // two to a line
			list, text = append(list, text), ""
		}
		text = strings.TrimSpace(text + " " + shape(s))
	}
	list = append(list, text)
	if b.Kind != "input" {
		list = append(list, outputs(b.Meaning)...)
	}
	return list
}

// outputs names outputs as the formulas do.
func outputs(names []string) []string {
	var list []string
	for _, n := range names {
		if of, ok := strings.CutPrefix(n, graph.GradientPrefix); ok {
			n = "∂L/∂" + of
		} else if of, ok := strings.CutPrefix(n, "final_"); ok {
			n = "final " + of
		} else if n == "loss" {
			n = "outer loss"
		}
		list = append(list, "= "+n)
	}
	return list
}
