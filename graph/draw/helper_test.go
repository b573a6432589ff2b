package draw

import (
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/graph/op"
	"metaplast/rules"
)

// saturating is a rule with an op that is not of package op, which carries no label.
type saturating struct{}

func (saturating) Info() rules.Info { return rules.Info{Name: "saturating"} }

func (saturating) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	return b.Hebb(b.Lift(G.Tanh(s.Post)), s.Pre)
}

func init() {
	if err := rules.Register(saturating{}); err != nil {
		panic(err)
	}
}

// configuration is a small episode of learners by preset, or by the rule of their name.
func configuration(t *testing.T, conv bool, steps int, names ...string) graph.Config {
	t.Helper()
	cfg := graph.Config{Network: graph.MLP(3, []int{4, 4}, 2, 0, objective.MSE), Steps: steps, Batch: 2, Query: 3, Dtype: tensor.Float64}
	if conv {
		cfg.Network.Input = []int{1, 6, 6}
		cfg.Network.Loss = objective.CrossEntropy
		cfg.Network.Layers = append([]graph.Layer{{Kind: graph.ConvLayer, Out: 2, Activation: graph.Relu, Kernel: 3, Stride: 2}}, cfg.Network.Layers...)
	}
	for _, n := range names {
		preset, err := graph.Preset(n)
		if err != nil {
			preset, _ = graph.Preset("flp")
			preset.Rule = n
		}
		cfg.Learners = append(cfg.Learners, graph.NamedLearner{Name: n, Learner: preset})
	}
	return cfg
}

func picture(t *testing.T, cfg graph.Config) (*Picture, *graph.Outline) {
	t.Helper()
	o, err := graph.NewOutline(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return New("a picture", cfg, o), o
}

// pictures are those that the tests go through.
func pictures(t *testing.T) map[string]*Picture {
	t.Helper()
	list := map[string]*Picture{}
	for name, cfg := range map[string]graph.Config{
		"two learners": configuration(t, false, 2, "flp", "oml"),
		"one step":     configuration(t, false, 1, "output-only"),
		"convolution":  configuration(t, true, 3, "fa", "meta-sgd"),
		"foreign":      configuration(t, false, 2, "saturating", "dfa"),
	} {
		list[name], _ = picture(t, cfg)
		cfg.Forward = true
		list[name+", forward"], _ = picture(t, cfg)
	}
	return list
}
