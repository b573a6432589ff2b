package graph_test

import (
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/graph/op"
)

// immense is a configuration whose arrays would not fit into any memory.
func immense(t *testing.T, presets ...string) graph.Config {
	t.Helper()
	cfg := graph.Config{Network: graph.MLP(3, []int{1 << 15, 1 << 15}, 2, 0, objective.MSE), Steps: 3, Batch: 1 << 20, Query: 1 << 20, Dtype: tensor.Float64}
	for _, p := range presets {
		l, err := graph.Preset(p)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Learners = append(cfg.Learners, graph.NamedLearner{Name: p, Learner: l})
	}
	return cfg
}

// TestOutline asks that an outline has the nodes that a run computes, with the names of its
// inputs and outputs, and takes no memory for arrays.
func TestOutline(t *testing.T) {
	o, err := graph.NewOutline(immense(t, "flp", "oml"))
	if err != nil {
		t.Fatal(err)
	}
	in, out := names(o.Inputs), names(o.Outputs)
	if want := "x y flp/W0 flp/b0 flp/W1 flp/b1 flp/W2 flp/b2 flp/B0 flp/c0 flp/B1 flp/c1 flp/B2 flp/c2 " +
		"flp/beta0 flp/beta1 flp/beta2 flp/alpha0 flp/alpha1 flp/alpha2 oml/W0 oml/b0 oml/W1 oml/b1 oml/W2 oml/b2"; in != want {
		t.Errorf("inputs %s\nwant   %s", in, want)
	}
	if want := "oml/loss oml/final_W0 oml/final_b0 oml/final_W1 oml/final_b1 oml/final_W2 oml/final_b2 " +
		"oml/grad_W0 oml/grad_b0 oml/grad_W1 oml/grad_b1 oml/grad_W2 oml/grad_b2"; !strings.HasSuffix(out, want) {
		t.Errorf("outputs %s\nwant to end in %s", out, want)
	}
	for _, n := range o.Nodes {
		if n.Value() != nil {
			t.Errorf("%v holds an array", n)
		}
		for _, c := range op.Children(n) {
			if !slices.Contains(o.Nodes, c) {
				t.Errorf("operand %v of %v is missing", c, n)
			}
		}
	}
	for _, n := range o.Outputs {
		if !slices.Contains(o.Nodes, n.Node) {
			t.Errorf("output %s is missing", n.Name)
		}
	}
	if !slices.IsSortedFunc(o.Nodes, func(a, b *G.Node) int { return int(a.ID() - b.ID()) }) {
		t.Error("nodes are not in the order of making")
	}
}

// TestOutlineForward asks that nothing of a gradient is left where it is not asked for.
func TestOutlineForward(t *testing.T) {
	cfg := immense(t, "flp")
	cfg.Forward = true
	o, err := graph.NewOutline(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range o.Nodes {
		if l, _ := op.LabelOf(n); l.Backward {
			t.Errorf("%v belongs to a gradient", n)
		}
	}
	if out := names(o.Outputs); out != "flp/loss flp/final_W0 flp/final_W1 flp/final_W2" {
		t.Errorf("outputs %s", out)
	}
}

func TestOutlineRefuses(t *testing.T) {
	cfg := immense(t, "flp")
	cfg.Steps = 0
	if o, err := graph.NewOutline(cfg); o != nil || err == nil || !strings.Contains(err.Error(), "steps") {
		t.Errorf("%v, %v: want an error about steps", o, err)
	}
}

func names(list []graph.Named) string {
	var s []string
	for _, n := range list {
		name := n.Name
		if n.Learner != "" {
			name = n.Learner + "/" + name
		}
		s = append(s, name)
	}
	return strings.Join(s, " ")
}
