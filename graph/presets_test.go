package graph_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/data/suggest"
	"metaplast/graph"
	"metaplast/graph/internal/graphtest"
	"metaplast/graph/op"
	"metaplast/rules"
)

// sgd is gradient descent on a relu network, written out for slices: the reference that the
// learner oml is compared with. It changes w and b in place.
type sgd struct {
	sizes []int
	w, b  [][]float64 // [out·in], [out]
	lr    float64
	first int // lowest layer that changes
	loss  string
}

// forward returns h_0 … h_L of one example; the last are outputs.
func (s sgd) forward(x []float64) [][]float64 {
	h := [][]float64{x}
	for l := range s.w {
		in, out := s.sizes[l], s.sizes[l+1]
		z := make([]float64, out)
		for i := range z {
			z[i] = s.b[l][i]
			for j := range in {
				z[i] += s.w[l][i*in+j] * h[l][j]
			}
			if l < len(s.w)-1 {
				z[i] = math.Max(z[i], 0)
			}
		}
		h = append(h, z)
	}
	return h
}

// outputError is ∂L/∂ŷ of the mean loss over n examples, for one of them.
func (s sgd) outputError(yhat, y []float64, n int) []float64 {
	d := make([]float64, len(y))
	sum := 0.0
	for _, z := range yhat {
		sum += math.Exp(z)
	}
	for k := range d {
		if s.loss == objective.MSE {
			d[k] = 2 * (yhat[k] - y[k]) / float64(n*len(y))
		} else {
			d[k] = (math.Exp(yhat[k])/sum - y[k]) / float64(n)
		}
	}
	return d
}

// step is one update from n examples.
func (s sgd) step(x, y []float64, n int) {
	dw, db := make([][]float64, len(s.w)), make([][]float64, len(s.w))
	for l := range s.w {
		dw[l], db[l] = make([]float64, len(s.w[l])), make([]float64, len(s.b[l]))
	}
	nx, ny := len(x)/n, len(y)/n
	for e := range n {
		h := s.forward(x[e*nx : (e+1)*nx])
		d := s.outputError(h[len(h)-1], y[e*ny:(e+1)*ny], n)
		for l := len(s.w) - 1; l >= 0; l-- {
			in := s.sizes[l]
			below := make([]float64, in)
			for i := range d {
				db[l][i] += d[i]
				for j := range in {
					dw[l][i*in+j] += d[i] * h[l][j]
					if h[l][j] > 0 {
						below[j] += d[i] * s.w[l][i*in+j]
					}
				}
			}
			d = below
		}
	}
	for l := s.first; l < len(s.w); l++ {
		for i := range s.w[l] {
			s.w[l][i] -= s.lr * dw[l][i]
		}
		for i := range s.b[l] {
			s.b[l][i] -= s.lr * db[l][i]
		}
	}
}

// TestOMLIsGradientDescent compares the final weights of oml with gradient descent written
// by hand: both losses, all layers plastic and some frozen.
func TestOMLIsGradientDescent(t *testing.T) {
	for _, loss := range objective.Names() {
		for frozen := range 3 {
			t.Run(fmt.Sprintf("%s, %d frozen", loss, frozen), func(t *testing.T) {
				oml, err := graph.Preset("oml")
				if err != nil {
					t.Fatal(err)
				}
				oml.InnerLR = 0.1
				cfg := graph.Config{Network: graph.MLP(4, []int{6, 5}, 3, frozen, loss), Learners: []graph.NamedLearner{{Name: "oml", Learner: oml}},
					Steps: 5, Batch: 3, Query: 4, Dtype: tensor.Float64}
				u := unroll(t, cfg)
				e := newEpisode(cfg, "oml")
				run(t, u, e)

				layout := u.Layout(0)
				start := theta(layout)
				by := sgd{sizes: []int{4, 6, 5, 3}, lr: 0.1, first: frozen, loss: loss}
				for l := range 3 {
					w, _ := layout.Find(fmt.Sprint("W", l))
					b, _ := layout.Find(fmt.Sprint("b", l))
					by.w, by.b = append(by.w, w.Of(start)), append(by.b, b.Of(start))
				}
				xs, ys := e.xs, e.ys
				for s := range cfg.Steps {
					by.step(xs[s*12:(s+1)*12], ys[s*9:(s+1)*9], cfg.Batch)
				}
				final := u.FinalWeights(0)
				if len(final) != 2*(3-frozen) {
					t.Fatalf("%d final arrays: want W and b of %d layers", len(final), 3-frozen)
				}
				for i, a := range final {
					l := frozen + i/2
					want := by.w[l]
					if i%2 == 1 {
						want = by.b[l]
					}
					graphtest.CloseTo(t, a.Name, a.Data, want, 1e-13)
				}
			})
		}
	}
}

// reference is a network on its own: weights as inputs, and the loss.
func reference(t *testing.T, n graph.Network, w, b [][]float64, x, y []float64, rows int) (*op.Builder, *G.Node, []*G.Node) {
	t.Helper()
	g := op.New(tensor.Float64)
	h := graphtest.Bound(t, g, "x", x, rows, n.Input[0])
	target := graphtest.Bound(t, g, "y", y, rows, n.Outputs())
	in := n.Input[0]
	var params []*G.Node
	for l, layer := range n.Layers {
		wn := graphtest.Bound(t, g, fmt.Sprint("W", l), w[l], layer.Out, in)
		bn := graphtest.Bound(t, g, fmt.Sprint("b", l), b[l], layer.Out)
		params = append(params, wn, bn)
		h = g.Dense(h, wn, bn, op.Activation(layer.Activation))
		in = layer.Out
	}
	return g, rules.Loss(g, n.Loss, h, target), params
}

// TestInnerGradient checks that hebb driven by the backprop pathway with signal gradient
// changes weights and biases by the negative gradient of the step's loss, as engine.Grad
// finds it: for both losses, several layers and layers frozen anywhere.
func TestInnerGradient(t *testing.T) {
	for _, loss := range objective.Names() {
		for _, plastic := range [][]bool{{true, true, true, true}, {false, true, false, true}, {true, false, false, true}, {true, true, false, false}, {false, false, false, true}} {
			t.Run(fmt.Sprintf("%s %v", loss, plastic), func(t *testing.T) {
				n := graph.MLP(4, []int{6, 5, 4}, 3, 0, loss)
				for l := range plastic {
					n.Layers[l].Plastic = plastic[l]
				}
				oml, _ := graph.Preset("oml")
				oml.InnerLR = 1
				cfg := graph.Config{Network: n, Learners: []graph.NamedLearner{{Name: "g", Learner: oml}}, Steps: 1, Batch: 5, Query: 2, Dtype: tensor.Float64}
				u := unroll(t, cfg)
				e := newEpisode(cfg, "inner")
				run(t, u, e)

				layout := u.Layout(0)
				start := theta(layout)
				var w, b [][]float64
				for l := range n.Layers {
					wp, _ := layout.Find(fmt.Sprint("W", l))
					bp, _ := layout.Find(fmt.Sprint("b", l))
					w, b = append(w, wp.Of(start)), append(b, bp.Of(start))
				}
				g, cost, params := reference(t, n, w, b, e.xs, e.ys, cfg.Batch)
				grads := graphtest.Evaluate(t, g, graphtest.Gradients(t, g, cost, params...)...)
				final := u.FinalWeights(0)
				for l := range n.Layers {
					if !plastic[l] {
						continue
					}
					for k, from := range [][]float64{w[l], b[l]} {
						changed := make([]float64, len(from))
						for i := range from {
							changed[i] = from[i] - final[k].Data[i]
						}
						// Forming W + ΔW and taking W off again costs a rounding of W.
						graphtest.CloseTo(t, "change of "+final[k].Name, changed, grads[2*l+k], 1e-13)
					}
					final = final[2:]
				}
				if len(final) != 0 {
					t.Errorf("%d final arrays too many", len(final))
				}
			})
		}
	}
}

// TestFirstOrder checks the meta-gradient that takes every change for a constant: it is the
// gradient of the query loss by the final weights, and, for a learned rate per synapse, that
// times the sum of the changes.
func TestFirstOrder(t *testing.T) {
	n := graph.MLP(4, []int{6, 5}, 3, 1, objective.CrossEntropy)
	l, _ := graph.Preset("oml-first-order")
	l.InnerLR = 0.2
	l.Plasticity, l.Learned.Plasticity = graph.PerSynapse, true
	cfg := graph.Config{Network: n, Learners: []graph.NamedLearner{{Name: "first", Learner: l}}, Steps: 4, Batch: 3, Query: 5, Dtype: tensor.Float64}
	u := unroll(t, cfg)
	e := newEpisode(cfg, "first")
	run(t, u, e)
	layout := u.Layout(0)
	start, got := theta(layout), make([]float64, layout.Total())
	if !u.Gradient(0, got) {
		t.Fatal("the gradient is not finite")
	}
	of := func(name string, of []float64) []float64 {
		p, ok := layout.Find(name)
		if !ok {
			t.Fatalf("no %s", name)
		}
		return p.Of(of)
	}
	var w, b [][]float64
	for l := range n.Layers {
		w, b = append(w, of(fmt.Sprint("W", l), start)), append(b, of(fmt.Sprint("b", l), start))
	}
	for i, a := range u.FinalWeights(0) {
		if i%2 == 0 {
			w[1+i/2] = a.Data
		} else {
			b[1+i/2] = a.Data
		}
	}
	g, cost, params := reference(t, n, w, b, e.xq, e.yq, cfg.Query)
	grads := graphtest.Evaluate(t, g, graphtest.Gradients(t, g, cost, params...)...)
	for l := range n.Layers {
		for k, array := range []string{"W", "b"} {
			name := fmt.Sprint(array, l)
			graphtest.CloseTo(t, name, of(name, got), grads[2*l+k], 1e-12)
			if l == 0 {
				continue
			}
			// W(T) = W(0) + α ∘ ΣΔ, so that ΣΔ = (W(T) − W(0))/α.
			alpha := fmt.Sprintf("alpha%s%d", map[string]string{"W": "", "b": "_b"}[array], l)
			final := [][]float64{w[l], b[l]}[k]
			want := make([]float64, len(final))
			for i := range want {
				want[i] = grads[2*l+k][i] * (final[i] - of(name, start)[i]) / of(alpha, start)[i]
			}
			graphtest.CloseTo(t, alpha, of(alpha, got), want, 1e-11)
		}
	}
}

// TestPresets checks that each preset is valid and learns what it says: a gradient other
// than zero in each group that is learned, none in the others.
func TestPresets(t *testing.T) {
	cfg := graph.Config{Network: graph.MLP(4, []int{6, 5}, 3, 1, objective.MSE), Learners: graph.Presets(), Steps: 3, Batch: 3, Query: 4, Dtype: tensor.Float64}
	u := unroll(t, cfg)
	run(t, u, newEpisode(cfg, "presets"))
	for i, p := range cfg.Learners {
		if found, err := graph.Preset(p.Name); err != nil || found != p.Learner || p.Summary == "" {
			t.Errorf("%s: %v, %v, summary %q", p.Name, found, err, p.Summary)
		}
		layout := u.Layout(i)
		g := make([]float64, layout.Total())
		if !u.Gradient(i, g) {
			t.Errorf("%s: gradient is not finite", p.Name)
		}
		moved := map[string]bool{}
		for _, param := range layout {
			for _, x := range param.Of(g) {
				moved[param.Group] = moved[param.Group] || x != 0
			}
		}
		learned := map[string]bool{graph.Weights: p.Learner.Learned.Weights, graph.Feedback: p.Learner.Learned.Feedback,
			graph.Plasticity: p.Learner.Learned.Plasticity, graph.Strength: p.Learner.Learned.Strength}
		for _, group := range graph.Groups() {
			if moved[group] != learned[group] {
				t.Errorf("%s: group %s has a gradient: %v, is learned: %v", p.Name, group, moved[group], learned[group])
			}
		}
	}
	if final := u.FinalWeights(len(cfg.Learners) - 1); len(final) != 1 || final[0].Name != "final_W2" {
		t.Errorf("output-only changes %v: want the last layer alone", final)
	}
	var unknown *suggest.UnknownError
	if _, err := graph.Preset("ompl"); !errors.As(err, &unknown) || unknown.Nearest != "oml" || !strings.Contains(err.Error(), "meta-sgd") {
		t.Errorf("%v: want an error that names the nearest and all", err)
	}
}
