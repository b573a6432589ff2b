package draw

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
)

// Summary counts what a picture shows.
type Summary struct {
	Name     string       `json:"name"`
	Steps    int          `json:"inner_steps"`
	Learners []string     `json:"learners"`
	Nodes    int          `json:"nodes"`
	Boxes    int          `json:"boxes"` // of the picture, in which one pass of a kernel is one box
	Edges    int          `json:"edges"` // between boxes
	Kinds    []Count      `json:"kinds"`
	Groups   []GroupCount `json:"groups"`
	Files    []string     `json:"files"`
}

// Summary counts the nodes of an episode of so many inner steps, which is in files, SVG first.
func (p *Picture) Summary(name string, steps int, files []string) Summary {
	return Summary{Name: name, Steps: steps, Learners: p.Learners, Nodes: p.Nodes(), Edges: p.Edges(), Boxes: len(p.Boxes),
		Kinds: p.Counts(), Groups: p.Groups(), Files: files}
}

// Table shows the counts to people.
func (r Summary) Table() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: %d nodes of %s and %s; %d boxes in the picture, where the results of one kernel share a box\n\n", r.Name, r.Nodes,
		Plural(r.Steps, "inner step"), Plural(len(r.Learners), "learner"), r.Boxes)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "nodes by kind\tshared\t")
	for _, l := range r.Learners {
		fmt.Fprintf(w, "%s\tits gradient\t", l)
	}
	fmt.Fprintln(w)
	for i := 0; i < len(r.Kinds); {
		kind := r.Kinds[i].Kind
		of := map[string]Count{}
		for ; i < len(r.Kinds) && r.Kinds[i].Kind == kind; i++ {
			of[r.Kinds[i].Learner] = r.Kinds[i]
		}
		fmt.Fprintf(w, "%s\t%s\t", kind, dash(of[""].Forward))
		for _, l := range r.Learners {
			fmt.Fprintf(w, "%s\t%s\t", dash(of[l].Forward), dash(of[l].Reverse))
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	b.WriteByte('\n')
	w = tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "nodes by group\tforward\tgradient\t")
	for _, s := range r.Groups {
		if s.Gradient {
			continue
		}
		back := 0
		if i := slices.IndexFunc(r.Groups, func(t GroupCount) bool {
			return t.Gradient && t.Learner == s.Learner && t.Step == s.Step
		}); i >= 0 {
			back = r.Groups[i].Nodes
		}
		fmt.Fprintf(w, "%s\t%d\t%s\t\n", strings.TrimSpace(s.Learner+" "+s.Group), s.Nodes, dash(back))
	}
	w.Flush()
	fmt.Fprintf(&b, "\npicture: %s\nfor Graphviz: %s\n", r.Files[0], r.Files[1])
	return b.Bytes()
}

// dash is a count, or a dash for none.
func dash(n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprint(n)
}

// Plural is a number of things.
func Plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprint(n, " ", what)
}
