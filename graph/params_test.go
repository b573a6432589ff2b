package graph_test

import (
	"math"
	"testing"

	"metaplast/graph"
)

func layoutOf(t *testing.T, preset string, n graph.Network, change func(*graph.Learner)) graph.Layout {
	t.Helper()
	l, err := graph.Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&l)
	}
	layout, err := graph.NewLayout(n, l)
	if err != nil {
		t.Fatal(err)
	}
	return layout
}

// TestLayout lists the meta-parameters of each kind of learner.
func TestLayout(t *testing.T) {
	net := graph.MLP(3, []int{5, 4}, 2, 1, "mse") // layer 0 is frozen
	granularity := func(g string) func(*graph.Learner) {
		return func(l *graph.Learner) { l.Plasticity = g }
	}
	for _, c := range []struct {
		name, preset string
		change       func(*graph.Learner)
		want         map[string][]int
	}{
		{"direct", "flp", nil, map[string][]int{"B1": {4, 2}, "c1": {4}, "B2": {2, 2}, "c2": {2}, "beta1": {1}, "beta2": {1}, "alpha1": {4, 5}, "alpha2": {2, 4}}},
		{"clamped", "flp", func(l *graph.Learner) { l.Clamped = true }, map[string][]int{"B1": {4, 2}, "c1": {4}, "beta1": {1}, "beta2": {1}, "alpha1": {4, 5}, "alpha2": {2, 4}}},
		{"layered", "fa", nil, map[string][]int{"B2": {2, 4}, "c2": {4}, "alpha1": {4, 5}, "alpha2": {2, 4}}},
		{"neuron", "flp", granularity("neuron"), map[string][]int{"B1": {4, 2}, "c1": {4}, "B2": {2, 2}, "c2": {2}, "beta1": {1}, "beta2": {1}, "alpha1": {4}, "alpha2": {2}}},
		{"layer", "oml", granularity("layer"), map[string][]int{"alpha1": {1}, "alpha2": {1}}},
		{"network", "oml", granularity("network"), map[string][]int{"alpha": {1}}},
		{"fixed rate", "oml", nil, nil},
		{"rate per synapse", "meta-sgd", nil, map[string][]int{"alpha1": {4, 5}, "alpha_b1": {4}, "alpha2": {2, 4}, "alpha_b2": {2}}},
		{"output only", "output-only", nil, map[string][]int{"alpha2": {2, 4}}},
	} {
		want := map[string][]int{"W0": {5, 3}, "b0": {5}, "W1": {4, 5}, "b1": {4}, "W2": {2, 4}, "b2": {2}}
		for k, v := range c.want {
			want[k] = v
		}
		layout := layoutOf(t, c.preset, net, c.change)
		offset := 0
		for _, p := range layout {
			w, ok := want[p.Name]
			if !ok || len(w) != len(p.Shape) || w[0] != p.Shape[0] || w[len(w)-1] != p.Shape[len(w)-1] {
				t.Errorf("%s: %s%v: want %v (expected at all: %v)", c.name, p.Name, p.Shape, w, ok)
			}
			if p.Offset != offset {
				t.Errorf("%s: %s at %d: want %d", c.name, p.Name, p.Offset, offset)
			}
			offset += p.Size
			delete(want, p.Name)
		}
		if len(want) > 0 || layout.Total() != offset {
			t.Errorf("%s: missing %v, total %d", c.name, want, layout.Total())
		}
	}
}

// TestInit checks scales, and that all learners of a run start from the same weights.
func TestInit(t *testing.T) {
	net := graph.MLP(40, []int{300, 200}, 3, 0, "mse")
	flp, oml := layoutOf(t, "flp", net, nil), layoutOf(t, "oml", net, nil)
	a, b, other := flp.Init(5), oml.Init(5), flp.Init(6)
	for _, c := range []struct {
		name string
		std  float64
	}{{"W0", math.Sqrt(2. / 40)}, {"W1", math.Sqrt(2. / 300)}, {"B0", 0.3 / math.Sqrt(3)}, {"B1", 0.3 / math.Sqrt(3)}, {"b0", 0}, {"c1", 0}, {"alpha1", 0}} {
		p, ok := flp.Find(c.name)
		if !ok {
			t.Fatal("no", c.name)
		}
		var sum, squares float64
		for _, v := range p.Of(a) {
			sum, squares = sum+v, squares+v*v
		}
		n := float64(p.Size)
		// The standard error of a standard deviation is σ/√(2n).
		if got := math.Sqrt(squares / n); math.Abs(got-c.std) > 5*c.std/math.Sqrt(2*n) || math.Abs(sum/n) > 5*c.std/math.Sqrt(n) {
			t.Errorf("%s: mean %.3g, standard deviation %.4g: want 0 and %.4g", c.name, sum/n, got, c.std)
		}
		if q, ok := oml.Find(c.name); ok {
			for i, v := range q.Of(b) {
				if v != p.Of(a)[i] {
					t.Fatalf("%s[%d]: flp %v, oml %v: want the same start", c.name, i, p.Of(a)[i], v)
				}
			}
		}
	}
	if a[0] == other[0] {
		t.Error("two seeds give the same W0[0]")
	}
	beta, _ := flp.Find("beta0")
	if beta.Of(a)[0] != 0.5 {
		t.Errorf("β %v: want 0.5", beta.Of(a)[0])
	}
}

// TestRandomPlastic: the switch fixes the initial weights of the learner's plastic layers, and
// no other parameter.
func TestRandomPlastic(t *testing.T) {
	net := graph.MLP(3, []int{5, 4}, 2, 1, "mse") // layer 0 is frozen
	for _, c := range []struct {
		preset string
		fixed  map[string]bool
	}{
		{"flp", map[string]bool{"W1": true, "W2": true}},
		{"output-only", map[string]bool{"W2": true}},
		{"oml", map[string]bool{"W1": true, "W2": true}},
	} {
		before := layoutOf(t, c.preset, net, nil)
		after := layoutOf(t, c.preset, net, func(l *graph.Learner) { l.RandomPlastic = true })
		for i, p := range after {
			if want := before[i].Learned && !c.fixed[p.Name]; p.Learned != want {
				t.Errorf("%s: %s learned: %v, want %v", c.preset, p.Name, p.Learned, want)
			}
		}
		if a, b := before.Init(3), after.Init(3); len(a) != len(b) || a[20] != b[20] {
			t.Errorf("%s: the switch changes the initial values", c.preset)
		}
	}
}
