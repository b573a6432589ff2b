package graph_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/graph/engine"
	"metaplast/graph/internal/graphtest"
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
	return b.AddScaled(b.Hebb(graphtest.Sine(b, name, s.Post, nil), s.Pre), s.W, -0.125)
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
	for _, per := range graph.RuleSets() {
		rule := rules.DefaultTaylor()
		rule.Theta, rule.Spread = map[string]float64{"110": 1, "021": -1}, 0.01
		if per == graph.PerLayer {
			rule.Factor, rule.Degree = rules.FeedbackFactor, 1
			rule.Theta = map[string]float64{"1100": 1}
		}
		from("flp", "flp by taylor per "+per, func(l *graph.Learner) {
			l.Rule, l.RuleValue, l.RulePer, l.PlasticBias = rules.TaylorName, rule, per, true
		})
	}
	from("flp", "flp with tanh feedback", func(l *graph.Learner) { l.FeedbackActivation, l.Gated = "tanh", true })
	return all
}

// relay is a machine whose place another can take, on the same graph.
type relay struct {
	G.VM
	b       *op.Builder
	outputs []*G.Node
}

func (r *relay) use(m engine.Machine) error {
	vm, err := m(r.b, r.outputs)
	r.VM = vm
	return err
}

// machine is the Machine to configure an episode with.
func (r *relay) machine(b *op.Builder, outputs []*G.Node) (G.VM, error) {
	r.b, r.outputs = b, outputs
	return r, r.use(engine.Sequential)
}

// everything is what a run gives for a learner.
func everything(t *testing.T, u runner, i int) []graph.Array {
	t.Helper()
	layout := u.Layout(i)
	g := make([]float64, layout.Total())
	if !u.Gradient(i, g) {
		t.Fatalf("learner %d: loss or gradient is not finite", i)
	}
	all := []graph.Array{{Name: "loss", Data: []float64{u.Loss(i)}}}
	for _, p := range layout {
		all = append(all, graph.Array{Name: "gradient of " + p.Name, Data: p.Of(g)})
	}
	return append(all, u.FinalWeights(i)...)
}

// TestPlanned asks for the same bits from every number of threads and distance of
// checkpoints, from run to run with another episode in between, and from Gorgonia's own
// machine, and for nearly the same numbers from the composed reference.
func TestPlanned(t *testing.T) {
	conv := graph.Network{Input: []int{2, 6, 5}, Loss: objective.MSE, Layers: []graph.Layer{
		{Kind: graph.ConvLayer, Out: 3, Kernel: 3, Stride: 1, Pad: 1, Activation: graph.Relu},
		{Kind: graph.ConvLayer, Out: 2, Kernel: 3, Stride: 2, Activation: graph.Relu},
		{Kind: graph.DenseLayer, Out: 5, Activation: graph.Relu, Plastic: true},
		{Kind: graph.DenseLayer, Out: 3, Activation: graph.Linear, Plastic: true},
	}}
	smooth := conv
	smooth.Layers = slices.Clone(conv.Layers)
	for l, a := range []string{"sigmoid", "softplus(2)", "tanh"} {
		smooth.Layers[l].Activation, smooth.Layers[l].Plastic = a, l > 0
	}
	leaky := graph.MLP(4, []int{6, 5}, 3, 0, objective.MSE)
	leaky.Layers[0].Activation, leaky.Layers[1].Activation = "leaky_relu(0.2)", "tanh"
	const steps = 4
	var all []engine.Options
	for _, threads := range []int{1, 2, 3, 5} {
		for _, remat := range []int{0, 1, 2, 3, steps, steps + 5} {
			all = append(all, engine.Options{Threads: threads, Remat: remat})
		}
	}
	some := []engine.Options{{Threads: 1, Remat: 1}, {Threads: 2}, {Threads: 3, Remat: 3}, {Threads: 5, Remat: 2}, {Threads: 2, Remat: steps}, {Threads: 1, Remat: steps + 5}}
	plastic, frozen := graph.MLP(4, []int{6, 5}, 3, 0, objective.MSE), graph.MLP(3, []int{7, 6, 5}, 2, 1, objective.CrossEntropy)
	for _, c := range []struct {
		name    string
		network graph.Network
		dtype   tensor.Dtype
		options []engine.Options
	}{
		{"all plastic, float32", plastic, tensor.Float32, all},
		{"all plastic, float64", plastic, tensor.Float64, some},
		{"first layer frozen, float32", frozen, tensor.Float32, some},
		{"first layer frozen, float64", frozen, tensor.Float64, some},
		{"convolutions, float32", conv, tensor.Float32, some},
		{"convolutions, float64", conv, tensor.Float64, some},
		{"smooth convolutions, float32", smooth, tensor.Float32, some[:3]},
		{"smooth, float64", leaky, tensor.Float64, some},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &relay{}
			cfg := graph.Config{Network: c.network, Learners: everyLearner(t), Steps: steps, Batch: 3, Query: 4, Dtype: c.dtype, Machine: r.machine}
			testPlanned(t, cfg, r, c.options)
		})
	}
}

func testPlanned(t *testing.T, cfg graph.Config, r *relay, options []engine.Options) {
	episodes := []episode{newEpisode(cfg, "one"), newEpisode(cfg, "two")}
	u := unroll(t, cfg)
	var want [2][][]graph.Array // of each episode, for each learner
	for e := range episodes {
		run(t, u, episodes[e])
		for i := range cfg.Learners {
			want[e] = append(want[e], everything(t, u, i))
		}
	}
	same := func(what string, have, want []graph.Array) {
		t.Helper()
		for i, w := range want {
			graphtest.SameBits(t, what+", "+w.Name, have[i].Data, w.Data)
		}
	}
	for _, o := range options {
		if err := r.use(engine.Planned(o)); err != nil {
			t.Fatal(err)
		}
		for k, e := range []int{0, 1, 0} {
			run(t, u, episodes[e])
			for i, l := range cfg.Learners {
				same(fmt.Sprintf("%+v, run %d: %s", o, k, l.Name), everything(t, u, i), want[e][i])
			}
		}
		if t.Failed() {
			return
		}
	}
	for i, l := range cfg.Learners {
		alone := cfg
		alone.Learners = cfg.Learners[i : i+1]
		alone.Machine = engine.Tape // which is slow for large graphs
		u := unroll(t, alone)
		run(t, u, episodes[1])
		same("Tape: "+l.Name, everything(t, u, 0), want[1][i])
	}
	cfg.Machine, cfg.Compose = nil, true
	composed := unroll(t, cfg)
	run(t, composed, episodes[1])
	// Both round a few hundred times on the way, and gradients are sums that cancel.
	tolerance := map[tensor.Dtype]float64{tensor.Float32: 1e-3, tensor.Float64: 1e-11}[cfg.Dtype]
	for i, l := range cfg.Learners {
		for j, a := range everything(t, composed, i) {
			graphtest.CloseTo(t, "composed: "+l.Name+", "+a.Name, a.Data, want[1][i][j].Data, tolerance)
		}
	}
}
