package data

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawings are the drawings of examples, as split/class/drawing.
func drawings(t testing.TB, p *Plan, examples []Example) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, e := range examples {
		c, err := p.Bank().Class(p.Split, e.Class)
		if err != nil || c.Split != p.Split || e.Drawing < 0 || e.Drawing >= c.Drawings {
			t.Fatalf("%+v of %+v, %v", e, c, err)
		}
		all[fmt.Sprintf("%s#%d", c.Name, e.Drawing)] = true
	}
	return all
}

// soundPlan checks what must hold of every plan of c.
func soundPlan(t testing.TB, c Classification, p *Plan) {
	t.Helper()
	ways := c.Ways
	if len(p.Classes) != ways || len(p.Units) != ways || len(p.Support) != ways*c.Shots || len(p.Query) != ways*c.Query+c.Remember {
		t.Fatalf("%d classes, %d units, %d support, %d query", len(p.Classes), len(p.Units), len(p.Support), len(p.Query))
	}
	// No drawing is there twice, in support, query or remembered ones, or in one and the other.
	if n := len(drawings(t, p, slices.Concat(p.Support, p.Query))); n != len(p.Support)+len(p.Query) {
		t.Fatalf("%d drawings in %d examples", n, len(p.Support)+len(p.Query))
	}
	units, classes := map[int]bool{}, map[int]bool{}
	for k, u := range p.Units {
		if u < 0 || u >= p.Outputs || units[u] || classes[p.Classes[k]] {
			t.Fatalf("units %v of %d, classes %v", p.Units, p.Outputs, p.Classes)
		}
		if c.Labels == LabelsClass && u != p.Classes[k] {
			t.Fatalf("class %d has unit %d", p.Classes[k], u)
		}
		units[u], classes[p.Classes[k]] = true, true
	}
	count := make([]int, ways)
	for i, e := range slices.Concat(p.Support, p.Query[:ways*c.Query]) {
		if e.Class != p.Classes[e.Task] || e.Unit != p.Units[e.Task] {
			t.Fatalf("example %d: %+v", i, e)
		}
		if i < len(p.Support) {
			count[e.Task]++
		} else if e.Task != (i-len(p.Support))/c.Query {
			t.Fatalf("query example %d is of class %d", i-len(p.Support), e.Task)
		}
	}
	for k, n := range count {
		if n != c.Shots {
			t.Fatalf("%d support examples of class %d", n, k)
		}
	}
	for _, e := range p.Query[ways*c.Query:] {
		if e.Task != ways || e.Unit != e.Class || classes[e.Class] {
			t.Fatalf("remembered: %+v of %v", e, p.Classes)
		}
	}
}

// Whatever the sizes, the parts of an episode are disjoint and have their numbers.
func TestPlan(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		drawn := rapid.IntRange(2, 9).Draw(r, "drawings")
		classes := rapid.IntRange(1, 8)
		b := testBank(t, classes.Draw(r, "train"), classes.Draw(r, "heldout"), classes.Draw(r, "validation"), drawn)
		split := rapid.SampledFrom(Splits()).Draw(r, "split")
		c := Classification{Bank: b, Batch: 1,
			Ways:   rapid.IntRange(1, b.Len(split)).Draw(r, "ways"),
			Shots:  rapid.IntRange(1, drawn-1).Draw(r, "shots"),
			Order:  rapid.SampledFrom([]string{"", Continual, IID}).Draw(r, "order"),
			Labels: rapid.SampledFrom([]string{"", LabelsEpisode, LabelsClass}).Draw(r, "labels"),
		}
		c.Query = rapid.IntRange(1, drawn-c.Shots).Draw(r, "query")
		c.Outputs = rapid.IntRange(c.Ways, 12).Draw(r, "outputs")
		if c.Labels == LabelsClass {
			c.Outputs = max(c.Outputs, b.Len(split))
			c.Remember = rapid.IntRange(0, (b.Len(split)-c.Ways)*drawn).Draw(r, "remember")
		}
		if err := c.ValidateSplit(split); err != nil {
			t.Fatal(err)
		}
		p, err := c.plan(rapid.Uint64().Draw(r, "seed"), split, "test", 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		soundPlan(t, c, p)
		if c.Order != IID && !slices.IsSortedFunc(p.Support, func(a, b Example) int { return a.Task - b.Task }) {
			t.Errorf("%v", p.Support)
		}
	})
}

// Classes with different numbers of drawings; all drawings of all other classes are remembered.
func TestPlanUnevenClasses(t *testing.T) {
	b := bankOf(t, []Class{{"a", Train, 4}, {"h", HeldOut, 3}, {"b", Train, 7}, {"c", Train, 3}, {"d", Train, 5}, {"h2", HeldOut, 3}})
	c := Classification{Bank: b, Ways: 2, Shots: 2, Batch: 1, Query: 1, Outputs: 4, Labels: LabelsClass, Remember: 5}
	seen := map[string]bool{}
	for i := range uint64(300) {
		p, err := c.plan(1, Train, "test", 0, i)
		if err != nil {
			t.Fatal(err)
		}
		soundPlan(t, c, p)
		for d := range drawings(t, p, p.Query[2:]) {
			seen[d] = true
		}
	}
	if len(seen) != 4+7+3+5 {
		t.Errorf("only %d of 19 drawings are ever remembered", len(seen))
	}
}

// Remembered drawings come from all drawings of the other classes with equal probability.
func TestPlanRemembersEvenly(t *testing.T) {
	b := bankOf(t, []Class{{"a", Train, 2}, {"h", HeldOut, 3}, {"b", Train, 10}, {"c", Train, 30}})
	rng := pcg(3)
	count := map[int]int{}
	for range 4000 {
		for _, e := range others(rng, b, Train, []int{0}, 3) {
			count[e.Class]++
		}
	}
	if n := count[1]; count[0] != 0 || n < 2840 || n > 3160 { // 3000 expected of 12,000; a deviation is 46
		t.Errorf("%v", count)
	}
}

// Over many episodes no drawing crosses from one split to another, and every class comes up.
func TestSplitsAreDisjoint(t *testing.T) {
	b, err := testBank(t, 9, 7, 5, 4).Rotated()
	if err != nil {
		t.Fatal(err)
	}
	c := Classification{Bank: b, Ways: 5, Shots: 2, Batch: 5, Query: 2, Outputs: 36, Labels: LabelsClass, Remember: 3}
	tr := Trajectory{Bank: b, Classes: 12, Shots: 2, Query: 2}
	owner := map[string]Split{}
	classes := map[Split]map[int]bool{}
	for _, split := range Splits() {
		classes[split] = map[int]bool{}
		for i := range uint64(60) {
			for _, draw := range []func(seed uint64, split Split, step, episode uint64) (*Plan, error){c.Plan, tr.Plan} {
				p, err := draw(1, split, 0, i)
				if err != nil {
					t.Fatal(err)
				}
				for d := range drawings(t, p, slices.Concat(p.Support, p.Query)) {
					if other, ok := owner[d]; ok && other != split {
						t.Fatalf("%s is in %v and in %v", d, other, split)
					}
					owner[d] = split
				}
				for _, k := range p.Classes {
					classes[split][k] = true
				}
			}
		}
		if len(classes[split]) != b.Len(split) {
			t.Errorf("%v: only %d of %d classes come up", split, len(classes[split]), b.Len(split))
		}
	}
}

func TestBlocks(t *testing.T) {
	b := testBank(t, 6, 6, 6, 9)
	c := Classification{Bank: b, Ways: 3, Shots: 5, Batch: 3, Query: 4, Outputs: 10}
	p, err := c.Plan(1, HeldOut, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	blocks := p.Blocks()
	if p.Steps() != 5 || len(blocks) != 3 {
		t.Fatalf("%d steps, %d blocks", p.Steps(), len(blocks))
	}
	for k, bl := range blocks {
		want := Block{Task: k, Class: p.Classes[k], Unit: p.Units[k], Name: fmt.Sprintf("heldout/%d", p.Classes[k]),
			Step: []int{2, 4, 5}[k], QueryFrom: 4 * k, QueryTo: 4*k + 4}
		if bl != want {
			t.Errorf("%+v, want %+v", bl, want)
		}
		for _, e := range p.Query[bl.QueryFrom:bl.QueryTo] {
			if e.Task != k {
				t.Errorf("query example of class %d in block %d", e.Task, k)
			}
		}
		for i, e := range p.Support {
			if e.Task == k && i >= bl.Step*p.Batch {
				t.Errorf("support example %d of class %d comes after step %d", i, k, bl.Step)
			}
		}
	}
}
