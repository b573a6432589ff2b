package graph_test

import (
	"fmt"
	"sync"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph"
	"metaplast/graph/op"
	"metaplast/rules"
)

// bounded is a user's rule made of Gorgonia's own tanh: Δ = tanh(p)ᵀ h.
type bounded struct{}

func (bounded) Info() rules.Info { return rules.Info{Name: "test-bounded"} }

func (bounded) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	return b.Hebb(b.Lift(G.Tanh(s.Post)), s.Pre)
}

// waves is a user's rule with an op of its own: Δ = sin(p)ᵀ h − W/8.
type waves struct{}

func (waves) Info() rules.Info { return rules.Info{Name: "test-waves"} }

func (waves) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	name := fmt.Sprint("sine ", len(b.Graph().AllNodes()))
	return b.AddScaled(b.Hebb(sine(b, name, s.Post, nil), s.Pre), s.W, -0.125)
}

var registerOwn = sync.OnceValue(func() error {
	if err := rules.Register(bounded{}); err != nil {
		return err
	}
	return rules.Register(waves{})
})

// everyLearner is the presets, every granularity with and without decay and plastic biases,
// and learners with rules of a user's own.
func everyLearner(t *testing.T) []graph.NamedLearner {
	t.Helper()
	if err := registerOwn(); err != nil {
		t.Fatal(err)
	}
	all := graph.Presets()
	from := func(preset, name string, change func(*graph.Learner)) {
		l, err := graph.Preset(preset)
		if err != nil {
			t.Fatal(err)
		}
		change(&l)
		all = append(all, graph.NamedLearner{Name: name, Learner: l})
	}
	for _, g := range graph.Granularities() {
		from("flp", "flp per "+g, func(l *graph.Learner) {
			l.Plasticity, l.InnerLR, l.PlasticBias, l.Examples = g, 0.02, true, graph.MeanExamples
		})
		from("oml", "oml per "+g, func(l *graph.Learner) {
			l.Plasticity, l.InnerLR, l.PlasticBias, l.Learned.Plasticity = g, 0.02, g != graph.PerLayer, true
		})
	}
	for _, rule := range []string{"test-bounded", "test-waves"} {
		from("flp", rule, func(l *graph.Learner) { l.Rule = rule })
		from("meta-sgd", rule+" of gradients", func(l *graph.Learner) { l.Rule = rule })
	}
	return all
}

// relay is a machine whose place another can take, on the same graph.
type relay struct {
	G.VM
	b       *op.Builder
	outputs []*G.Node
}

func (r *relay) use(m graph.Machine) error {
	vm, err := m(r.b, r.outputs)
	r.VM = vm
	return err
}

// machine is the Machine to configure an episode with.
func (r *relay) machine(b *op.Builder, outputs []*G.Node) (G.VM, error) {
	r.b, r.outputs = b, outputs
	return r, r.use(graph.Sequential)
}

// everything is what a run gives for every learner.
func everything(t *testing.T, u *graph.Unrolled) (all []graph.Array) {
	t.Helper()
	for i := range u.Learners() {
		layout := u.Layout(i)
		g := make([]float64, layout.Total())
		if !u.Gradient(i, g) {
			t.Fatalf("learner %d: loss or gradient is not finite", i)
		}
		all = append(all, graph.Array{Name: fmt.Sprintf("learner %d, loss", i), Data: []float64{u.Loss(i)}})
		for _, p := range layout {
			all = append(all, graph.Array{Name: fmt.Sprintf("learner %d, gradient of %s", i, p.Name), Data: p.Of(g)})
		}
		for _, a := range u.FinalWeights(i) {
			a.Name = fmt.Sprintf("learner %d, %s", i, a.Name)
			all = append(all, a)
		}
	}
	return all
}

// TestPlanned asks for the same bits from every number of threads and distance of
// checkpoints, from run to run with another episode in between, and from Gorgonia's own
// machine, and for nearly the same numbers from the composed reference.
func TestPlanned(t *testing.T) {
	conv := graph.Network{Input: []int{2, 6, 5}, Loss: rules.MSE, Layers: []graph.Layer{
		{Kind: graph.ConvLayer, Out: 3, Kernel: 3, Stride: 1, Pad: 1, Activation: graph.Relu},
		{Kind: graph.ConvLayer, Out: 2, Kernel: 3, Stride: 2, Activation: graph.Relu},
		{Kind: graph.DenseLayer, Out: 5, Activation: graph.Relu, Plastic: true},
		{Kind: graph.DenseLayer, Out: 3, Activation: graph.Linear, Plastic: true},
	}}
	const steps = 4
	var all []graph.Options
	for _, threads := range []int{1, 2, 3, 5} {
		for _, remat := range []int{0, 1, 2, 3, steps, steps + 5} {
			all = append(all, graph.Options{Threads: threads, Remat: remat})
		}
	}
	some := []graph.Options{{Threads: 1, Remat: 1}, {Threads: 2}, {Threads: 3, Remat: 3}, {Threads: 5, Remat: 2}, {Threads: 2, Remat: steps}, {Threads: 1, Remat: steps + 5}}
	for _, c := range []struct {
		name    string
		network graph.Network
		options []graph.Options
	}{
		{"all plastic", graph.MLP(4, []int{6, 5}, 3, 0, rules.MSE), all},
		{"first layer frozen", graph.MLP(3, []int{7, 6, 5}, 2, 1, rules.CrossEntropy), some},
		{"convolutions", conv, some},
	} {
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(fmt.Sprintf("%s, %v", c.name, dt), func(t *testing.T) {
				r := &relay{}
				cfg := graph.Config{Network: c.network, Learners: everyLearner(t), Steps: steps, Batch: 3, Query: 4, Dtype: dt, Machine: r.machine}
				one, two := newEpisode(cfg, "one"), newEpisode(cfg, "two")
				u := unroll(t, cfg)
				on := func(u *graph.Unrolled, e episode) []graph.Array {
					run(t, u, e)
					return everything(t, u)
				}
				want := [][]graph.Array{on(u, one), on(u, two)}

				compare := func(what string, e int, have []graph.Array) {
					t.Helper()
					for i, w := range want[e] {
						sameBits(t, what+": "+w.Name, have[i].Data, w.Data)
					}
				}
				for _, o := range c.options {
					if err := r.use(graph.Planned(o)); err != nil {
						t.Fatal(err)
					}
					for i, e := range []episode{one, two, one} {
						compare(fmt.Sprintf("%+v, run %d", o, i), i%2, on(u, e))
					}
					if t.Failed() {
						return
					}
				}

				cfg.Machine = graph.Tape
				compare("Tape", 1, on(unroll(t, cfg), two))

				cfg.Machine, cfg.Compose = nil, true
				// Both round a few hundred times on the way; gradients of β and c cancel.
				tolerance := map[tensor.Dtype]float64{tensor.Float32: 1e-3, tensor.Float64: 1e-11}[dt]
				for i, a := range on(unroll(t, cfg), two) {
					closeTo(t, "composed: "+a.Name, a.Data, want[1][i].Data, tolerance)
				}
			})
		}
	}
}
