package draw

import (
	"slices"
	"strings"
	"testing"

	"metaplast/graph/op"
)

// TestNew asks that every node of the outline is in a box, with its operands.
func TestNew(t *testing.T) {
	for name, cfg := range map[string][]string{"ours": {"flp", "oml"}, "foreign": {"saturating"}} {
		p, o := picture(t, configuration(t, false, 2, cfg...))
		if p.Nodes() != len(o.Nodes) {
			t.Errorf("%s: %d nodes in boxes: want %d", name, p.Nodes(), len(o.Nodes))
		}
		reads := 0
		for i, b := range p.Boxes {
			reads += len(b.Reads)
			for _, r := range b.Reads {
				if r < 0 || r >= i {
					t.Errorf("%s: box %d (%s) reads box %d: want an earlier one", name, i, b.Kind, r)
				}
			}
			if b.Kind == "" || b.Symbol == "" || strings.Contains(b.Array, foreign) {
				t.Errorf("%s: box %d is not described: %+v", name, i, b)
			}
			if b.Place.Learner == "" && b.Symbol != "x" && b.Symbol != "y" {
				t.Errorf("%s: box %d belongs to no learner: %+v", name, i, b)
			}
		}
		if reads != p.Edges() {
			t.Errorf("%s: %d edges: want %d", name, p.Edges(), reads)
		}
	}
}

// TestMeaning asks that inputs and outputs keep their names, and that symbols are those of the
// formulas.
func TestMeaning(t *testing.T) {
	p, o := picture(t, configuration(t, false, 2, "flp"))
	var have []string
	for _, b := range p.Boxes {
		have = append(have, b.Meaning...)
	}
	for _, n := range slices.Concat(o.Inputs, o.Outputs) {
		if !slices.Contains(have, n.Name) {
			t.Errorf("%s is lost", n.Name)
		}
	}
	for _, want := range []struct {
		kind, symbol string
		step, layer  int
		reads        []string
	}{
		{"Dense", "h1", 1, 0, []string{"x", "W0(1)", "b0"}},
		{"Dense", "f0", 0, 0, []string{"s", "B0", "c0"}},
		{"Post", "p2", 0, 2, []string{"f2", "h3", "beta2"}},
		{"OjaStep", "W1(2)", 1, 1, []string{"W1(1)", "p1", "h1", "alpha1"}},
		{"MSE", "L", op.Query, -1, []string{"h3", "y"}},
	} {
		i := slices.IndexFunc(p.Boxes, func(b Box) bool {
			return b.Symbol == want.symbol && b.Place == Place{"flp", want.step, false}
		})
		if i < 0 {
			t.Errorf("no %s in step %d", want.symbol, want.step)
			continue
		}
		b := p.Boxes[i]
		var reads []string
		for _, r := range b.Reads {
			reads = append(reads, p.Boxes[r].Symbol)
		}
		if b.Kind != want.kind || b.Layer != want.layer || !slices.Equal(reads, want.reads) {
			t.Errorf("%s: %s of layer %d reads %v: want %s, %d, %v", want.symbol, b.Kind, b.Layer, reads, want.kind, want.layer, want.reads)
		}
	}
}

// TestForeign asks that ops without a label stand where they were made.
func TestForeign(t *testing.T) {
	p, _ := picture(t, configuration(t, false, 2, "saturating"))
	var steps []int
	for _, b := range p.Boxes {
		if b.Kind == "tanh" && b.Layer == 1 && !b.Place.Backward {
			steps = append(steps, b.Place.Step)
		}
	}
	if !slices.Equal(steps, []int{0, 1}) {
		t.Errorf("tanh of layer 1 in steps %v: want 0 and 1", steps)
	}
}

// TestPlaces asks for the order in which an episode is read.
func TestPlaces(t *testing.T) {
	p, _ := picture(t, configuration(t, true, 2, "output-only"))
	var have []string
	for _, s := range p.places() {
		have = append(have, strings.TrimSpace(s.Learner+" "+s.Name()))
	}
	want := []string{"episode", "output-only meta-parameters", "output-only frozen prefix",
		"output-only inner step 0", "output-only inner step 1", "output-only query", "output-only gradient through query",
		"output-only gradient through inner step 1", "output-only gradient through inner step 0", "output-only gradient through frozen prefix"}
	if !slices.Equal(have, want) {
		t.Errorf("%q\nwant %q", have, want)
	}
}
