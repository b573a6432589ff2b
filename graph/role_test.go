package graph_test

import (
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/rules"
)

// TestRoleNames holds the names that archives and checkpoints of all versions have.
func TestRoleNames(t *testing.T) {
	var names []string
	for _, r := range []graph.Role{graph.Weight, graph.Bias, graph.FeedbackWeight, graph.FeedbackBias, graph.Mixing, graph.Rate, graph.BiasRate} {
		names = append(names, r.Name(10))
	}
	names = append(names, graph.Rate.Name(graph.NoLayer))
	if have, want := strings.Join(names, " "), "W10 b10 B10 c10 beta10 alpha10 alpha_b10 alpha"; have != want {
		t.Errorf("%s: want %s", have, want)
	}
}

// TestRoles finds every array of every learner by its name, and by its role and layer.
func TestRoles(t *testing.T) {
	for _, l := range everyLearner(t) {
		layout, err := graph.NewLayout(graph.MLP(4, []int{6, 5}, 3, 1, objective.MSE), l.Learner)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range layout {
			named, _ := layout.Find(p.Name)
			at, ok := layout.At(p.Role, p.Layer)
			if !ok || named.Offset != p.Offset || at.Offset != p.Offset || p.Name != p.Role.Name(p.Layer) {
				t.Errorf("%s: %s at %d: found at %d by name, at %d by role %s and layer %d", l.Name, p.Name, p.Offset, named.Offset, at.Offset, p.Role, p.Layer)
			}
		}
		if p, ok := layout.At(graph.Weight, 3); ok {
			t.Errorf("%s: %s in a network of three layers", l.Name, p.Name)
		}
	}
}

func TestPlastic(t *testing.T) {
	net := graph.MLP(4, []int{6, 5}, 3, 1, objective.MSE)
	if p := net.Plastic(graph.Learner{}); !slices.Equal(p, []bool{false, true, true}) {
		t.Errorf("%v: want all but the frozen layer", p)
	}
	if p := net.Plastic(graph.Learner{OutputOnly: true}); !slices.Equal(p, []bool{false, false, true}) {
		t.Errorf("%v: want the last layer alone", p)
	}
	if p := net.Plastic(graph.Learner{HiddenOnly: true}); !slices.Equal(p, []bool{false, true, false}) {
		t.Errorf("%v: want all between the frozen and the last layer", p)
	}
	if o := (graph.Learner{}).Order(); o != 2 {
		t.Errorf("order %d: want 2", o)
	}
	if o := (graph.Learner{FirstOrder: true}).Order(); o != 1 {
		t.Errorf("order %d: want 1", o)
	}
}

// quiet is a pathway that says it sends nothing, and does.
type quiet struct{ rules.Direct }

func (quiet) Info() rules.Info { return rules.Info{Name: "test-quiet"} }
func (quiet) SendsNothing()    {}

// TestSilentSends: a pathway that says that it sends nothing must not.
func TestSilentSends(t *testing.T) {
	if err := rules.RegisterPathway(quiet{}); err != nil {
		t.Fatal(err)
	}
	cfg := small(t, tensor.Float64, "flp")
	cfg.Learners[0].Learner.Pathway = "test-quiet"
	if _, err := graph.Unroll(cfg); err == nil || !strings.Contains(err.Error(), "sends nothing") {
		t.Errorf("%v: want an error that says so", err)
	}
}
