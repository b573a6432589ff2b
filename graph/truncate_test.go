package graph_test

import (
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/graph"
	"metaplast/graph/internal/graphtest"
)

// truncatable has learners of every kind of path that a gradient takes: local and of gradient descent,
// with plastic biases, and a frozen layer below.
func truncatable(t *testing.T, steps int, dt tensor.Dtype) graph.Config {
	t.Helper()
	cfg := graph.Config{Network: graph.MLP(3, []int{5, 4}, 2, 0, "mse"), Steps: steps, Batch: 2, Query: 4, Dtype: dt}
	cfg.Network.Layers[0].Plastic = false
	for _, name := range []string{"flp", "oml", "meta-sgd"} {
		l, err := graph.Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		l.PlasticBias = true
		cfg.Learners = append(cfg.Learners, graph.NamedLearner{Name: name, Learner: l})
	}
	return cfg
}

func gradient(t *testing.T, u *graph.Unrolled, i int) []float64 {
	t.Helper()
	g := make([]float64, u.Layout(i).Total())
	if !u.Gradient(i, g) {
		t.Fatal("not finite")
	}
	return g
}

// TestTruncateAll goes through all steps, or more than there are: nothing changes, not a bit.
func TestTruncateAll(t *testing.T) {
	cfg := truncatable(t, 5, tensor.Float32)
	e := newEpisode(cfg, "truncate")
	exact := unroll(t, cfg)
	run(t, exact, e)
	for _, k := range []int{5, 6, 100} {
		cfg.Truncate = k
		u := unroll(t, cfg)
		run(t, u, e)
		for i := range cfg.Learners {
			graphtest.SameBits(t, cfg.Learners[i].Name, results(t, u, i), results(t, exact, i))
		}
	}
}

// TestTruncate compares a truncated gradient with that of the last steps alone, begun from the weights that
// an episode of the steps before ends with; loss and final weights have the bits of the whole episode.
func TestTruncate(t *testing.T) {
	const steps, k = 6, 2
	cfg := truncatable(t, steps, tensor.Float64)
	e := newEpisode(cfg, "truncate")
	exact := unroll(t, cfg)
	run(t, exact, e)
	cut := cfg
	cut.Truncate = k
	u := unroll(t, cut)
	run(t, u, e)

	perX, perY := len(e.xs)/steps, len(e.ys)/steps
	before := cfg
	before.Steps = steps - k
	first := unroll(t, before)
	run(t, first, episode{e.xs[:(steps-k)*perX], e.ys[:(steps-k)*perY], e.xq, e.yq})
	rest := cfg
	rest.Steps = k
	last := unroll(t, rest)
	if err := last.Bind(e.xs[(steps-k)*perX:], e.ys[(steps-k)*perY:], e.xq, e.yq); err != nil {
		t.Fatal(err)
	}
	for i := range cfg.Learners {
		layout := last.Layout(i)
		th := theta(layout)
		for _, a := range first.FinalWeights(i) {
			at := slices.IndexFunc(layout, func(p graph.Param) bool { return "final_"+p.Name == a.Name })
			if at < 0 {
				t.Fatalf("no parameter for %s", a.Name)
			}
			copy(layout[at].Of(th), a.Data)
		}
		if err := last.SetParams(i, th); err != nil {
			t.Fatal(err)
		}
	}
	if err := last.Run(); err != nil {
		t.Fatal(err)
	}
	for i, l := range cfg.Learners {
		graphtest.CloseTo(t, l.Name, gradient(t, u, i), gradient(t, last, i), 1e-12)
		whole, truncated := results(t, exact, i), results(t, u, i)
		n := 1 + u.Layout(i).Total()
		graphtest.SameBits(t, l.Name+": loss", truncated[:1], whole[:1])
		graphtest.SameBits(t, l.Name+": final weights", truncated[n:], whole[n:])
		if slices.Equal(truncated[1:n], whole[1:n]) {
			t.Errorf("%s: the gradient is not truncated", l.Name)
		}
	}
}

// TestTruncateRemat has the same bits when steps are computed twice, and in a composed graph the same value.
func TestTruncateRemat(t *testing.T) {
	cfg := truncatable(t, 6, tensor.Float64)
	cfg.Truncate = 3
	e := newEpisode(cfg, "truncate")
	u := unroll(t, cfg)
	run(t, u, e)
	cfg.Remat = 2
	again := unroll(t, cfg)
	run(t, again, e)
	cfg.Remat, cfg.Compose = 0, true
	composed := unroll(t, cfg)
	run(t, composed, e)
	for i, l := range cfg.Learners {
		graphtest.SameBits(t, l.Name, results(t, again, i), results(t, u, i))
		graphtest.CloseTo(t, l.Name, results(t, composed, i), results(t, u, i), 1e-11)
	}
	cfg.Truncate = -1
	if cfg.Validate() == nil {
		t.Error("want a fault")
	}
}
