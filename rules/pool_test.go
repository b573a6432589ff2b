package rules_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules"
	"metaplast/rules/rulestest"
)

// published is a term of the pool for one example, in the signs and symbols of the paper: e and d are the
// errors ŷ − y of the postsynaptic and presynaptic units, y and x their activities.
func published(k int, x, y, e, d []float64, w matrix, i, j int, local bool) float64 {
	inner := func(a, b []float64) (sum float64) { // aᵀ W b
		for p := range a {
			for q := range b {
				sum += a[p] * w[p][q] * b[q]
			}
		}
		return sum
	}
	switch k {
	case 0:
		return -e[i] * x[j]
	case 1:
		return -y[i] * d[j]
	case 2:
		return -e[i] * d[j]
	case 3:
		return -w[i][j]
	case 4:
		return -d[j]
	case 5:
		sum := 0.0
		for _, v := range y {
			sum += v
		}
		return -e[i] * sum * x[j]
	case 6:
		return -y[i] * inner(y, d) * d[j]
	case 7:
		return -e[i] * inner(y, d) * x[j]
	case 8:
		return -y[i] * inner(e, x) * d[j]
	}
	if local {
		return y[i]*x[j] - y[i]*y[i]*w[i][j]
	}
	value := y[i] * x[j]
	for q := range y {
		value -= y[i] * y[q] * w[q][j]
	}
	return value
}

// TestPool: Δ is the sum of the published terms over the examples, for every term alone and all
// together, with coefficients of the layer's and of each neuron, with and without feedback of the
// presynaptic units, by Delta and by Step.
func TestPool(t *testing.T) {
	const n, in, out = 4, 3, 5
	h, y, f, g, w := normal("h", n, in), normal("y", n, out), normal("f", n, out), normal("g", n, in), normal("W", out, in)
	post := normal("post", n, out) // which no term has
	thetas := normal("theta", 10, out)
	all := rules.DefaultPool()
	pools := []rules.Pool{all, {Terms: all.Terms, Oja: rules.LocalOja}, {Terms: []int{9}, Oja: rules.LocalOja}, {Terms: []int{3, 9}, Oja: rules.LocalOja}}
	for k := range 10 {
		pools = append(pools, rules.Pool{Terms: []int{k}, Oja: rules.SubspaceOja})
	}
	negative := func(v []float64) []float64 {
		c := slices.Clone(v)
		for i := range c {
			c[i] = -c[i]
		}
		return c
	}
	for _, r := range pools {
		for _, perNeuron := range []bool{false, true} {
			for _, below := range []bool{true, false} {
				name := fmt.Sprintf("%v %s, each neuron: %v, feedback below: %v", r.Terms, r.Oja, perNeuron, below)
				b := newBench(t)
				s := rules.Synapses{Pre: b.matrix("h", h), Post: b.matrix("post", post), Activity: b.matrix("y", y), Feedback: b.matrix("f", f), W: b.matrix("W", w), Params: rules.Values{}}
				if below {
					s.PreFeedback = b.matrix("g", g)
				}
				for _, k := range r.Terms {
					c := thetas[k][:1]
					if perNeuron {
						c = thetas[k]
					}
					s.Params[fmt.Sprintf("theta_%d", k)] = b.vector(fmt.Sprintf("theta_%d", k), c)
				}
				want := zeros(out, in).each(func(i, j int) (sum float64) {
					for _, k := range r.Terms {
						if !below && slices.Contains([]int{1, 2, 4, 6, 7, 8}, k) {
							continue
						}
						c := thetas[k][0]
						if perNeuron {
							c = thetas[k][i]
						}
						for m := range n {
							sum += c * published(k, h[m], y[m], negative(f[m]), negative(g[m]), w, i, j, r.Oja == rules.LocalOja)
						}
					}
					return sum
				})
				delta, step := r.Delta(b.b, s), r.Step(b.b, s, op.Plasticity{Scale: 0.5})
				if b.b.Err() != nil {
					t.Fatalf("%s: %v", name, b.b.Err())
				}
				b.run(delta, step)
				b.within(name, delta, want, 1e-12)
				b.within(name+", Step", step, w.each(func(i, j int) float64 { return w[i][j] + 0.5*want[i][j] }), 1e-12)
			}
		}
	}
}

// TestPoolHasWhatItNeeds: terms that are not there ask for nothing, and feedback that a term needs is asked for.
func TestPoolHasWhatItNeeds(t *testing.T) {
	oja := rules.Pool{Terms: []int{9}, Oja: rules.LocalOja}
	if see := oja.Observes(); !see.Activity || see.PreFeedback {
		t.Errorf("term 9 observes %+v", see)
	}
	if rules.NeedsFeedback(oja) {
		t.Error("term 9 needs feedback")
	}
	gradient := rules.Pool{Terms: []int{0}, Oja: rules.SubspaceOja, Rate: 0.25}
	if see := gradient.Observes(); see != (rules.Observed{}) {
		t.Errorf("term 0 observes %+v", see)
	}
	if !rules.NeedsFeedback(gradient) {
		t.Error("term 0 needs no feedback")
	}
	if ps := gradient.Params(); len(ps) != 1 || ps[0].Name != "theta_0" || ps[0].Initial != 0.25 || !ps[0].Sparse {
		t.Errorf("parameters %+v", ps)
	}
	b := newBench(t)
	var none *G.Node
	if d := gradient.Delta(b.b, rules.Synapses{Pre: b.matrix("h", normal("h", 2, 2)), W: b.matrix("W", normal("W", 2, 2))}); d != none || !errors.Is(b.b.Err(), rules.ErrNoFeedback) {
		t.Errorf("without feedback: %v", b.b.Err())
	}
}

// TestPoolLocality: what is not local says so, and names what is.
func TestPoolLocality(t *testing.T) {
	for _, c := range []struct {
		terms []int
		oja   string
		want  []string // nil if it is local
	}{
		{[]int{0, 1, 2, 3, 4}, rules.SubspaceOja, nil},
		{[]int{0, 9}, rules.LocalOja, nil},
		{[]int{0, 9}, rules.SubspaceOja, []string{"term 9", "want terms: [0, 9] and oja: local"}},
		{[]int{2, 5}, rules.SubspaceOja, []string{"term 5", "want terms: [2]"}},
		{[]int{7}, rules.SubspaceOja, []string{"term 7", "want terms: [0]"}},
		{rules.DefaultPool().Terms, rules.SubspaceOja, []string{"(term 5)", "(terms 6, 7, 8)", "(term 9)", "want terms: [0, 1, 2, 3, 4, 9] and oja: local"}},
	} {
		have := rules.Pool{Terms: c.terms, Oja: c.oja}.NonLocal()
		if (have == "") != (c.want == nil) {
			t.Errorf("%v %s: %q", c.terms, c.oja, have)
		}
		for _, want := range c.want {
			if !strings.Contains(have, want) {
				t.Errorf("%v %s: %q, want %q in it", c.terms, c.oja, have, want)
			}
		}
	}
}

// TestPoolSettings: settings that mean nothing are refused, all together.
func TestPoolSettings(t *testing.T) {
	if err := rules.DefaultPool().Validate(); err != nil {
		t.Error(err)
	}
	err := rules.Pool{Terms: []int{0, 10, 0}, Oja: "subspce"}.Validate()
	for _, want := range []string{"terms: 10", "terms: 0", "oja", "subspace"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("have %v, want %q in it", err, want)
		}
	}
	if (rules.Pool{Oja: rules.LocalOja}).Validate() == nil {
		t.Error("a pool without terms is taken")
	}
}

// TestPoolCheck: the whole pool, the local one, and each term by itself.
func TestPoolCheck(t *testing.T) {
	all := rules.DefaultPool()
	local := rules.Pool{Terms: []int{0, 1, 2, 3, 4, 9}, Oja: rules.LocalOja, Rate: 1e-3}
	rulestest.Check(t, all, rulestest.Options{})
	rulestest.Check(t, local, rulestest.Options{})
	for k := range 10 {
		rulestest.Check(t, rules.Pool{Terms: []int{k}, Oja: rules.SubspaceOja, Rate: 1e-3}, rulestest.Options{})
	}
}
