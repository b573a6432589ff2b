package graph_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/graph/internal/graphtest"
	"metaplast/rules"
)

// plasticConv has a plastic layer of channels on another, with padding, strides that leave
// pixels out, and a boundary to plastic dense layers.
func plasticConv(loss string) graph.Network {
	return graph.Network{Input: []int{2, 6, 5}, Loss: loss, Layers: []graph.Layer{
		{Kind: graph.ConvLayer, Out: 3, Kernel: 3, Stride: 1, Pad: 1, Activation: graph.Relu, Plastic: true},
		{Kind: graph.ConvLayer, Out: 2, Kernel: 2, Stride: 3, Activation: graph.Relu, Plastic: true},
		{Kind: graph.DenseLayer, Out: 4, Activation: graph.Relu, Plastic: true},
		{Kind: graph.DenseLayer, Out: 3, Activation: graph.Linear, Plastic: true},
	}}
}

// convLearner is a learner on the network above that changes all of it.
func convLearner(t *testing.T, rule, pathway, granularity string) graph.Learner {
	t.Helper()
	l, err := graph.Preset("flp")
	if err != nil {
		t.Fatal(err)
	}
	l.Rule, l.Pathway, l.Plasticity, l.InnerLR = rule, pathway, granularity, 0.008
	l.PlasticBias, l.FeedbackScale, l.HiddenScale = true, 1, 1.5
	return l
}

// gentle is theta with α too small for Hebb's rule to grow without bound.
func gentle(layout graph.Layout) []float64 {
	th := theta(layout)
	for _, p := range layout {
		if p.Group == graph.Plasticity {
			for i := range p.Of(th) {
				p.Of(th)[i] *= 0.2
			}
		}
	}
	return th
}

// runGently is run with those parameters.
func runGently(t *testing.T, u *graph.Unrolled, e episode) {
	t.Helper()
	if err := u.Bind(e.xs, e.ys, e.xq, e.yq); err != nil {
		t.Fatal(err)
	}
	for i := range u.Learners() {
		if err := u.SetParams(i, gentle(u.Layout(i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := u.Run(); err != nil {
		t.Fatal(err)
	}
}

// TestPlasticConvDerivatives compares meta-gradients through three inner steps with central
// differences. The error must fall fourfold when the step is halved.
func TestPlasticConvDerivatives(t *testing.T) {
	for _, rule := range []string{"hebb", "oja"} {
		for _, pathway := range []string{"direct", "backprop", "layered", "none"} {
			for i, granularity := range graph.Granularities() {
				t.Run(rule+"/"+pathway+"/"+granularity, func(t *testing.T) {
					l := convLearner(t, rule, pathway, granularity)
					l.Gated = i%2 == 0
					if pathway == "backprop" && rule == "hebb" {
						l.Signal = rules.Gradient
					}
					network := plasticConv(objective.Names()[i%2])
					if i < 2 { // one of the convolutions frozen: below all that is plastic, or in between
						network.Layers[i].Plastic = false
					}
					meta(t, graph.Config{Network: network, Learners: []graph.NamedLearner{{Name: "l", Learner: l}},
						Steps: 3, Batch: 2, Query: 2, Dtype: tensor.Float64})
				})
			}
		}
	}
}

func meta(t *testing.T, cfg graph.Config) {
	t.Helper()
	u := unroll(t, cfg)
	e := newEpisode(cfg, "meta3") // in which no unit is within a step of its kink
	runGently(t, u, e)
	layout := u.Layout(0)
	th := gentle(layout)
	exact := make([]float64, len(th))
	if !u.Gradient(0, exact) {
		t.Fatal("gradient is not finite")
	}
	cfg.Forward = true
	forward := unroll(t, cfg)
	runGently(t, forward, e)
	eval := func() float64 {
		if err := forward.SetParams(0, th); err != nil {
			t.Fatal(err)
		}
		if err := forward.Run(); err != nil {
			t.Fatal(err)
		}
		return forward.Loss(0)
	}
	for _, p := range layout {
		scale := 1e-3
		for _, g := range p.Of(exact) {
			scale = math.Max(scale, math.Abs(g))
		}
		moved := !p.Learned
		for i := range p.Size {
			j := p.Offset + i
			if !p.Learned {
				continue
			}
			moved = moved || exact[j] != 0
			difference := func(h float64) float64 {
				keep := th[j]
				th[j] = keep + h
				up := eval()
				th[j] = keep - h
				down := eval()
				th[j] = keep
				return math.Abs((up-down)/(2*h)-exact[j]) / scale
			}
			// Ten roundings of the loss are no error of the gradient.
			const h = 1e-5
			rounding := math.Max(1e-9, 1e-15*math.Max(1, u.Loss(0))/h/scale)
			wide, narrow := difference(2*h), difference(h)
			if narrow > 1e-5 || narrow > rounding && narrow > wide/3 {
				t.Errorf("%s[%d]: gradient %g: error %.2g with step %g, %.2g with step %g: want it to fall fourfold", p.Name, i, exact[j], wide, 2*h, narrow, h)
			}
		}
		if !moved {
			t.Errorf("%s: gradient is zero", p.Name)
		}
	}
}

// TestPlasticConvIsGradientDescent checks that one inner step of backprop, hebb and the
// gradient signal is −lr ∂L/∂W, the loss being that of the step's examples.
func TestPlasticConvIsGradientDescent(t *testing.T) {
	for _, loss := range objective.Names() {
		const rate, n = 0.3, 3
		l, err := graph.Preset("oml")
		if err != nil {
			t.Fatal(err)
		}
		l.InnerLR = rate
		cfg := graph.Config{Network: plasticConv(loss), Learners: []graph.NamedLearner{{Name: "oml", Learner: l}}, Steps: 1, Batch: n, Query: n, Dtype: tensor.Float64}
		e := newEpisode(cfg, "descent")
		x, y := e.xs, e.ys
		in, err := graph.NewInner(cfg)
		if err != nil {
			t.Fatal(err)
		}
		layout, err := graph.NewLayout(cfg.Network, l)
		if err != nil {
			t.Fatal(err)
		}
		th := gentle(layout)
		query := func() float64 {
			if err := in.SetParams(0, th); err != nil {
				t.Fatal(err)
			}
			in.Start()
			if err := in.Query(x, y); err != nil {
				t.Fatal(err)
			}
			return in.Loss(0)
		}
		query()
		if err := in.Step(x, y); err != nil {
			t.Fatal(err)
		}
		after := in.FastWeights(0)
		if len(after) != 2*len(cfg.Network.Layers) {
			t.Fatalf("%d arrays change: want %d", len(after), 2*len(cfg.Network.Layers))
		}
		for _, a := range after {
			p, ok := layout.Find(a.Name[len("final_"):])
			if !ok || !equalShapes(a.Shape, p.Shape) {
				t.Fatalf("%s %v: want the shape of %v", a.Name, a.Shape, p.Shape)
			}
			claimed := make([]float64, p.Size)
			for i, w := range p.Of(th) {
				claimed[i] = (w - a.Data[i]) / rate
			}
			graphtest.Differences(t, loss+", "+a.Name, query, p.Of(th), claimed)
		}
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}
}

func equalShapes(a, b []int) bool { return fmt.Sprint(a) == fmt.Sprint(b) }
