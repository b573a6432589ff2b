package analysis

import (
	"context"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/graph"
	"metaplast/graph/op"
	"metaplast/rules"
)

// lingering is a rule with a trace E ← E/2 + Δ/10 of Hebb, which answers take for weights.
type lingering struct{}

func (lingering) Info() rules.Info { return rules.Info{Name: "test-lingering", Summary: "lingers"} }

func (lingering) State() []rules.Variable {
	return []rules.Variable{{Name: "e", Per: rules.PerSynapse}}
}

func (l lingering) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	delta, _ := l.Next(b, s)
	return delta
}

func (lingering) Next(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
	e := b.AddScaled(b.Scale(s.State["e"], 0.5), b.Hebb(s.Post, s.Pre), 0.1)
	return e, rules.Values{"e": e}
}

func (lingering) Read(b *op.Builder, h *G.Node, s rules.Synapses) *G.Node {
	return b.MatMul(h, b.AddScaled(s.W, s.State["e"], 0.1), op.N, op.T)
}

// TestInterferenceWithState: what a step on one batch does to the loss of another is that of the inner
// loop itself, with the rule's variables as the stream has left them and as the step makes them.
func TestInterferenceWithState(t *testing.T) {
	c := settings(t)["sine"]
	s := subject(t, "flp", c.network)
	l := &s.Graph.Learners[0].Learner
	l.UseRule(lingering{})
	l.Readout, l.Clamped = graph.RuleReadout, true
	layout, err := graph.NewLayout(c.network, *l)
	if err != nil {
		t.Fatal(err)
	}
	s.Layout, s.Theta = layout, layout.Init(11)
	for _, p := range layout {
		if p.Group == graph.Plasticity {
			for i := range p.Of(s.Theta) {
				p.Of(s.Theta)[i] = 0.001
			}
		}
	}
	a := analyse(t, c.sampler, Options{Episodes: 1, Seed: 4, Points: 3}, s)[0]
	ep, err := c.sampler.Sample(4, data.HeldOut, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	spec := c.sampler.Spec()
	cfg := probed(s, spec, spec.Batch)
	in, err := graph.NewInner(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	x, y := ep.SupportX.Data().([]float64), ep.SupportY.Data().([]float64)
	nx, ny := len(x)/spec.Steps, len(y)/spec.Steps
	of := func(step int) ([]float64, []float64) { return x[step*nx : (step+1)*nx], y[step*ny : (step+1)*ny] }
	step := func(from int) {
		if err := in.Step(of(from)); err != nil {
			t.Fatal(err)
		}
	}
	loss := func(from int) float64 {
		if err := in.Query(of(from)); err != nil {
			t.Fatal(err)
		}
		return in.Loss(0)
	}
	steps := spec.Steps / a.Tasks // inner steps of a task, the first two of which are its batches
	for _, p := range a.Points {
		for i := range a.Tasks {
			for j := range a.Tasks {
				sum, pairs := 0.0, 0.0
				for bi := range 2 {
					for bj := range 2 {
						if i == j && bi == bj {
							continue
						}
						if err := in.SetParams(0, s.Theta); err != nil {
							t.Fatal(err)
						}
						in.Start()
						for k := range p.Step {
							step(k)
						}
						before := loss(j*steps + bj)
						step(i*steps + bi)
						sum, pairs = sum+loss(j*steps+bj)-before, pairs+1
					}
				}
				near(t, "interference", p.Interference[i][j], sum/pairs, 1e-9)
			}
		}
	}
}

// TestRecordState: the trace of an episode ends with the rule's variables, of which it knows the number
// before.
func TestRecordState(t *testing.T) {
	c := settings(t)["sine"]
	s := subject(t, "flp", c.network)
	l := &s.Graph.Learners[0].Learner
	l.UseRule(lingering{})
	ep, err := c.sampler.Sample(1, data.HeldOut, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := Record(context.Background(), s, ep, 2)
	if err != nil {
		t.Fatal(err)
	}
	values := tr.Fast.Total()*(2*len(tr.Steps)+len(tr.Weights)) + len(tr.State)
	if n, err := TraceLen(s, len(tr.Steps)); err != nil || n != values {
		t.Errorf("TraceLen %d, %v: the trace has %d values", n, err, values)
	}
	spec := c.sampler.Spec()
	cfg := s.Graph
	cfg.Steps, cfg.Batch, cfg.Query, cfg.Dtype = spec.Steps, spec.Batch, spec.Query, tensor.Float64
	u, err := graph.Unroll(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	if err := u.SetParams(0, s.Theta); err != nil {
		t.Fatal(err)
	}
	if err := u.Bind(ep.Arrays()); err != nil {
		t.Fatal(err)
	}
	if err := u.Run(); err != nil {
		t.Fatal(err)
	}
	final := u.FinalState(0)
	if len(final) != 3 || len(tr.Memory) != 3 {
		t.Fatalf("%d variables, want 3", len(tr.Memory))
	}
	for i, v := range tr.Memory {
		if final[i].Name != "final_"+v.Name {
			t.Errorf("%s and %s", final[i].Name, v.Name)
		}
		for k, x := range v.Of(tr.State) {
			near(t, v.Name, x, final[i].Data[k], 1e-12)
		}
	}
}
