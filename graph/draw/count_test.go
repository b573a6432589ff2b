package draw

import (
	"testing"

	"metaplast/graph/op"
)

// TestCounts counts nodes by themselves.
func TestCounts(t *testing.T) {
	p, o := picture(t, configuration(t, false, 2, "flp", "oml"))
	type key struct {
		kind, learner string
		backward      bool
	}
	want := map[key]int{}
	for _, n := range o.Nodes {
		if k, ok := n.Op().(*op.Kernel); ok {
			if l, _ := op.LabelOf(n); l.Learner != "" {
				want[key{k.Kind(), l.Learner, l.Backward}]++
			}
		}
	}
	if want[key{"OjaStep", "flp", false}] != 6 || want[key{"OjaStep", "oml", false}] != 0 {
		t.Fatalf("the outline has %v", want)
	}
	total := 0
	for _, c := range p.Counts() {
		total += c.Forward + c.Reverse
		if c.Kind == "input" || c.Kind == "Ones" {
			continue
		}
		if f, r := want[key{c.Kind, c.Learner, false}], want[key{c.Kind, c.Learner, true}]; c.Forward != f || c.Reverse != r {
			t.Errorf("%+v: want %d and %d", c, f, r)
		}
	}
	if total != len(o.Nodes) {
		t.Errorf("%d nodes by kind: want %d", total, len(o.Nodes))
	}
	total = 0
	for _, g := range p.Groups() {
		total += g.Nodes
	}
	if total != len(o.Nodes) {
		t.Errorf("%d nodes by group: want %d", total, len(o.Nodes))
	}
}

// TestLinear asks that every inner step after the first two adds the same number of nodes,
// which the refusal of large graphs counts on.
func TestLinear(t *testing.T) {
	for _, learners := range [][]string{{"flp", "oml"}, {"meta-sgd"}, {"fa"}, {"oml-first-order"}} {
		for _, conv := range []bool{false, true} {
			var n []int
			for steps := range 5 {
				p, _ := picture(t, configuration(t, conv, steps+1, learners...))
				n = append(n, p.Nodes())
			}
			for i := 2; i < len(n); i++ {
				if n[i]-n[i-1] != n[1]-n[0] {
					t.Errorf("%v, convolution %v: %v nodes with 1 to 5 steps: want a straight line", learners, conv, n)
					break
				}
			}
		}
	}
}
