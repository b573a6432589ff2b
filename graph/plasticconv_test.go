package graph_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/graph"
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
					network := plasticConv([]string{rules.MSE, rules.CrossEntropy}[i%2])
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
	for _, loss := range []string{rules.MSE, rules.CrossEntropy} {
		const rate, n = 0.3, 3
		l, err := graph.Preset("oml")
		if err != nil {
			t.Fatal(err)
		}
		l.InnerLR = rate
		cfg := graph.Config{Network: plasticConv(loss), Learners: []graph.NamedLearner{{Name: "oml", Learner: l}}, Steps: 1, Batch: n, Query: n, Dtype: tensor.Float64}
		e := newEpisode(cfg, "descent")
		x, y := e.xs.Data().([]float64), e.ys.Data().([]float64)
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
			differences(t, loss+", "+a.Name, query, p.Of(th), claimed)
		}
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestPlasticConvLayered checks that layered feedback with the forward weights, gated and
// linear, is backprop.
func TestPlasticConvLayered(t *testing.T) {
	l, err := graph.Preset("oml")
	if err != nil {
		t.Fatal(err)
	}
	cfg := graph.Config{Network: plasticConv(rules.CrossEntropy), Learners: []graph.NamedLearner{{Name: "backprop", Learner: l}},
		Steps: 1, Batch: 3, Query: 1, Dtype: tensor.Float64, Forward: true}
	l.Pathway = "layered"
	cfg.Learners = append(cfg.Learners, graph.NamedLearner{Name: "layered", Learner: l})
	u := unroll(t, cfg)
	e := newEpisode(cfg, "layered")
	if err := u.Bind(e.xs, e.ys, e.xq, e.yq); err != nil {
		t.Fatal(err)
	}
	for i := range cfg.Learners {
		layout := u.Layout(i)
		th := layout.Init(5)
		tied := 0
		for _, p := range layout {
			switch {
			case p.Group != graph.Feedback:
			case p.Name[0] == 'c':
				clear(p.Of(th))
			default:
				w, _ := layout.Find("W" + p.Name[1:])
				if !equalShapes(w.Shape, p.Shape) {
					t.Fatalf("%s has shape %v: want that of %s, %v", p.Name, p.Shape, w.Name, w.Shape)
				}
				copy(p.Of(th), w.Of(th))
				tied++
			}
		}
		if tied != i*(len(cfg.Network.Layers)-1) {
			t.Fatalf("%s: %d layers with feedback weights", cfg.Learners[i].Name, tied)
		}
		if err := u.SetParams(i, th); err != nil {
			t.Fatal(err)
		}
	}
	if err := u.Run(); err != nil {
		t.Fatal(err)
	}
	want := u.FinalWeights(0)
	for j, a := range u.FinalWeights(1) {
		closeTo(t, a.Name, a.Data, want[j].Data, 1e-14)
	}
}

func equalShapes(a, b []int) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// TestPlasticConvPlain compares one inner step of the lowest layer, with direct feedback, with
// loops over examples and positions.
func TestPlasticConvPlain(t *testing.T) {
	for _, rule := range []string{"hebb", "oja"} {
		for _, gated := range []bool{false, true} {
			for _, examples := range []string{graph.SumExamples, graph.MeanExamples} {
				l := convLearner(t, rule, "direct", graph.PerSynapse)
				l.Gated, l.Examples, l.Signal = gated, examples, rules.Target
				const n = 2
				cfg := graph.Config{Network: plasticConv(rules.MSE), Learners: []graph.NamedLearner{{Name: "l", Learner: l}},
					Steps: 1, Batch: n, Query: 1, Dtype: tensor.Float64, Forward: true}
				u := unroll(t, cfg)
				e := newEpisode(cfg, "plain")
				runGently(t, u, e)
				layout := u.Layout(0)
				th := gentle(layout)
				param := func(name string) []float64 {
					p, ok := layout.Find(name)
					if !ok {
						t.Fatalf("no parameter %s", name)
					}
					return p.Of(th)
				}
				w, bias := plainStep(l, e.xs.Data().([]float64), e.ys.Data().([]float64), n, param)
				what := fmt.Sprintf("%s, gated %v, %s: ", rule, gated, examples)
				for _, a := range u.FinalWeights(0) {
					switch a.Name {
					case "final_W0":
						closeTo(t, what+"W0", a.Data, w, 1e-13)
					case "final_b0":
						closeTo(t, what+"b0", a.Data, bias, 1e-13)
					}
				}
			}
		}
	}
}

// plainStep is W0 [3,2,3,3] and b0 after a step on x [n,2,6,5] and y [n,3].
func plainStep(l graph.Learner, x, y []float64, n int, param func(string) []float64) (w, bias []float64) {
	const channels, outs, height, width, k, in = 2, 3, 6, 5, 3, 18
	w0, b0 := param("W0"), param("b0")
	beta := param("beta0")[0]
	delta, decay := make([]float64, outs*in), make([]float64, outs)
	deltaB := make([]float64, outs)
	for e := range n {
		for i := range height {
			for j := range width {
				patch := make([]float64, in)
				for q := range channels {
					for u := range k {
						for v := range k {
							if r, c := i+u-1, j+v-1; r >= 0 && r < height && c >= 0 && c < width {
								patch[(q*k+u)*k+v] = x[((e*channels+q)*height+r)*width+c]
							}
						}
					}
				}
				for o := range outs {
					z, f := b0[o], param("c0")[o]
					for s, h := range patch {
						z += w0[o*in+s] * h
					}
					for s := range outs {
						f += param("B0")[o*outs+s] * y[e*outs+s]
					}
					h, f := math.Max(z, 0), math.Max(f, 0)
					if l.Gated && h == 0 {
						f = 0
					}
					p := beta*f + (1-beta)*h
					for s, h := range patch {
						delta[o*in+s] += p * h
					}
					deltaB[o] += p
					decay[o] += p * p
				}
			}
		}
	}
	kappa := l.HiddenScale / (height * width)
	if l.Examples == graph.MeanExamples {
		kappa /= float64(n)
	}
	w, bias = make([]float64, len(w0)), make([]float64, outs)
	for o := range outs {
		if l.Rule != "oja" {
			decay[o] = 0
		}
		bias[o] = b0[o] + kappa*param("alpha_b0")[o]*(deltaB[o]-decay[o]*b0[o])
		for s := range in {
			w[o*in+s] = w0[o*in+s] + kappa*param("alpha0")[o*in+s]*(delta[o*in+s]-decay[o]*w0[o*in+s])
		}
	}
	return w, bias
}

// TestPlasticConvMachines asks for the same bits from every machine, and from the inner loop
// run step by step, and for nearly the same numbers from compositions of primitives.
func TestPlasticConvMachines(t *testing.T) {
	var learners []graph.NamedLearner
	for _, rule := range []string{"hebb", "oja"} {
		for i, pathway := range []string{"direct", "backprop", "layered", "none"} {
			learners = append(learners, graph.NamedLearner{Name: rule + " " + pathway, Learner: convLearner(t, rule, pathway, graph.Granularities()[(i+1)%5])})
		}
	}
	learners = append(learners, graph.Presets()...)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		cfg := graph.Config{Network: plasticConv(rules.MSE), Learners: learners, Steps: 3, Batch: 2, Query: 3, Dtype: dt, Machine: graph.Sequential}
		e := newEpisode(cfg, "machines")
		of := func(cfg graph.Config) (all [][]float64) {
			u := unroll(t, cfg)
			runGently(t, u, e)
			for i := range learners {
				all = append(all, results(t, u, i))
			}
			return all
		}
		want := of(cfg)
		for name, m := range map[string]graph.Machine{
			"tape": graph.Tape, "two threads": graph.Planned(graph.Options{Threads: 2}),
			"checkpoints": graph.Planned(graph.Options{Threads: 3, Remat: 2}),
		} {
			cfg.Machine = m
			for i, r := range of(cfg) {
				sameBits(t, fmt.Sprintf("%v, %s, %s", dt, name, learners[i].Name), r, want[i])
			}
		}
		cfg.Machine, cfg.Compose = graph.Sequential, true
		tolerance := map[tensor.Dtype]float64{tensor.Float32: 1e-3, tensor.Float64: 1e-11}[dt]
		for i, r := range of(cfg) {
			closeTo(t, fmt.Sprintf("%v, composed, %s", dt, learners[i].Name), r, want[i], tolerance)
		}
		cfg.Machine, cfg.Compose = nil, false
		stepByStep(t, cfg, e)
	}
}

func stepByStep(t *testing.T, cfg graph.Config, e episode) {
	t.Helper()
	u := unroll(t, cfg)
	runGently(t, u, e)
	in, err := graph.NewInner(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for i := range cfg.Learners {
		if err := in.SetParams(i, gentle(u.Layout(i))); err != nil {
			t.Fatal(err)
		}
	}
	in.Start()
	x, y := e.xs.Data().([]float64), e.ys.Data().([]float64)
	for s := range cfg.Steps {
		nx, ny := len(x)/cfg.Steps, len(y)/cfg.Steps
		if err := in.Step(x[s*nx:(s+1)*nx], y[s*ny:(s+1)*ny]); err != nil {
			t.Fatal(err)
		}
	}
	for i, l := range cfg.Learners {
		have := in.FastWeights(i)
		for j, a := range u.FinalWeights(i) {
			sameBits(t, l.Name+", step by step, "+a.Name, have[j].Data, a.Data)
		}
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
}
