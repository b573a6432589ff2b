package rules_test

import (
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"

	"metaplast/rules"
	"metaplast/rules/rulestest"
)

// TestMLP compares the change with the network computed for each synapse and example by itself.
func TestMLP(t *testing.T) {
	const n, in, out, hidden = 4, 3, 5, 6
	h, p, f, w := normal("h", n, in), normal("p", n, out), normal("f", n, out), normal("W", out, in)
	d, v := normal("d", 1, hidden)[0], normal("v", 1, hidden)[0]
	for _, feedback := range []bool{false, true} {
		r := rules.MLP{Hidden: hidden, Feedback: feedback, Spread: 1, Output: 1}
		inputs := r.Params()[0].Shape[1]
		a := normal("A", hidden, inputs)
		b := newBench(t)
		delta := r.Delta(b.b, rules.Synapses{Pre: b.matrix("h", h), Post: b.matrix("p", p), Feedback: b.matrix("f", f), W: b.matrix("W", w),
			Params: rules.Values{"hidden_weights": b.matrix("A", a), "hidden_biases": b.vector("d", d), "output_weights": b.vector("v", v)}})
		if b.b.Err() != nil {
			t.Fatal(b.b.Err())
		}
		b.run(delta)
		b.within("Δ", delta, w.each(func(i, j int) (sum float64) {
			for m := range n {
				for k := range hidden {
					z := d[k]
					for x, value := range []float64{h[m][j], p[m][i], w[i][j], f[m][i]}[:inputs] {
						z += a[k][x] * value
					}
					sum += v[k] * math.Tanh(z)
				}
			}
			return sum
		}), 1e-13)
	}
}

func TestMLPCheck(t *testing.T) {
	rulestest.Check(t, rules.DefaultMLP(), rulestest.Options{})
	rulestest.Check(t, rules.MLP{Hidden: 3, Feedback: true, Spread: 0.5, Output: 0.1}, rulestest.Options{})
}

// TestMLPHidesNothing: no array with an element for each example and synapse is made, forward or in reverse.
func TestMLPHidesNothing(t *testing.T) {
	const n, in, out = 7, 11, 13
	b := newBench(t)
	r := rules.MLP{Hidden: 3, Feedback: true, Spread: 0.5, Output: 0.1}
	s := rules.Trial(b.b, r, n, in, out)
	delta := r.Delta(b.b, s)
	b.b.Pullback(delta, b.b.Input("g", out, in), s.Pre, s.Post, s.W, s.Feedback, s.Params["hidden_weights"], s.Params["output_weights"])
	if b.b.Err() != nil {
		t.Fatal(b.b.Err())
	}
	for _, node := range b.b.Graph().AllNodes() {
		if size := (*G.Node)(node).Shape().TotalSize(); size > out*in {
			t.Errorf("%v has %d elements: want at most the %d of the weights", node, size, out*in)
		}
	}
}

func TestMLPSettings(t *testing.T) {
	if err := rules.DefaultMLP().Validate(); err != nil {
		t.Error(err)
	}
	err := rules.MLP{Hidden: 65, Spread: 0, Output: math.NaN()}.Validate()
	for _, want := range []string{"hidden: 65", "1 to 64", "spread: 0", "output: NaN"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("have %v, want %q in it", err, want)
		}
	}
}
