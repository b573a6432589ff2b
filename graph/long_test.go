package graph_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/graph/engine"
	"metaplast/graph/internal/graphtest"
)

// long builds an episode in segments.
func long(t *testing.T, cfg graph.Config, segment int) *graph.Long {
	t.Helper()
	m, err := graph.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	l, err := m.Long(segment)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// TestLong asks an episode in segments for the bits of the whole one: for segments that divide it and
// that do not, of one step and of all, on threads and with checkpoints inside, with another episode in
// between.
func TestLong(t *testing.T) {
	plastic := graph.MLP(4, []int{6, 5}, 3, 0, objective.MSE)
	frozen := graph.MLP(3, []int{7, 6, 5}, 2, 2, objective.CrossEntropy)
	conv := graph.Network{Input: []int{2, 6, 5}, Loss: objective.MSE, Layers: []graph.Layer{
		{Kind: graph.ConvLayer, Out: 3, Kernel: 3, Stride: 1, Pad: 1, Activation: graph.Relu},
		{Kind: graph.ConvLayer, Out: 2, Kernel: 3, Stride: 2, Activation: graph.Relu, Plastic: true},
		{Kind: graph.DenseLayer, Out: 5, Activation: graph.Relu, Plastic: true},
		{Kind: graph.DenseLayer, Out: 3, Activation: graph.Linear, Plastic: true},
	}}
	for _, c := range []struct {
		name    string
		network graph.Network
		dtype   tensor.Dtype
		stream  float64
		steps   int
	}{
		{"all plastic, float32", plastic, tensor.Float32, 0, 7},
		{"all plastic, float64, loss of the stream", plastic, tensor.Float64, 0.5, 7},
		{"frozen layers, float32, loss of the stream", frozen, tensor.Float32, 0.5, 7},
		{"frozen layers, float64", frozen, tensor.Float64, 0, 7},
		{"convolutions, float32", conv, tensor.Float32, 0.25, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := graph.Config{Network: c.network, Learners: everyLearner(t), Steps: c.steps, Batch: 3, Query: 4, Dtype: c.dtype}
			if c.stream > 0 {
				cfg.Objective = graph.Objective{Query: 0.75, Stream: c.stream}
			}
			sameAsWhole(t, cfg, 1, 2, 3, 5, 7)
		})
	}
}

// sameAsWhole compares an episode in segments with the whole one.
func sameAsWhole(t *testing.T, cfg graph.Config, segments ...int) {
	t.Helper()
	episodes := []episode{newEpisode(cfg, "one"), newEpisode(cfg, "two")}
	u := unroll(t, cfg)
	var want [2][][]graph.Array
	for e := range episodes {
		run(t, u, episodes[e])
		for i := range cfg.Learners {
			want[e] = append(want[e], append(everything(t, u, i), u.FinalState(i)...))
		}
	}
	for n, k := range segments {
		cfg := cfg
		cfg.Threads, cfg.Remat = 1+n%2, n%3
		l := long(t, cfg, k)
		for r, e := range []int{0, 1, 0} {
			run(t, l, episodes[e])
			for i, learner := range cfg.Learners {
				what := fmt.Sprintf("segments of %d, run %d: %s", k, r, learner.Name)
				for j, have := range append(everything(t, l, i), l.FinalState(i)...) {
					w := want[e][i][j]
					if have.Name != w.Name {
						t.Fatalf("%s: %s: want %s", what, have.Name, w.Name)
					}
					graphtest.SameBits(t, what+", "+w.Name, have.Data, w.Data)
				}
			}
			if t.Failed() {
				return
			}
		}
	}
}

// TestLongState is TestLong for rules with state, parameters of their own and a penalty on them, and for
// the task's reward.
func TestLongState(t *testing.T) {
	for name, cfg := range rememberConfigs(t) {
		if name == "dense" {
			cfg.Objective = graph.Objective{Query: 0.5, Stream: 0.5}
		}
		t.Run(name, func(t *testing.T) { sameAsWhole(t, cfg, 1, 2, cfg.Steps-1) })
	}
}

// TestLongTruncated cuts the gradient at the end of a segment, inside of one, and nowhere, with frozen
// layers below and without.
func TestLongTruncated(t *testing.T) {
	for _, frozen := range []int{0, 1} {
		cfg := graph.Config{Network: graph.MLP(3, []int{5, 4}, 2, frozen, objective.MSE), Learners: append(everyLearner(t), rememberers(t)...),
			Steps: 5, Batch: 2, Query: 3, Dtype: tensor.Float64}
		for _, k := range []int{1, 2, 3, 5} {
			cfg.Truncate = k
			t.Run(fmt.Sprintf("%d frozen, last %d steps", frozen, k), func(t *testing.T) { sameAsWhole(t, cfg, 1, 2) })
		}
	}
}

// TestLongForward leaves the meta-gradients out.
func TestLongForward(t *testing.T) {
	cfg := graph.Config{Network: graph.MLP(3, []int{5, 4}, 2, 1, objective.MSE), Learners: rememberers(t), Steps: 5, Batch: 2, Query: 3, Dtype: tensor.Float32, Forward: true}
	sameAsWhole(t, cfg, 1, 2, 5)
}

// TestLongReward wants the reward of every episode, and learns from it.
func TestLongReward(t *testing.T) {
	l := rememberer(t, remembers{}, func(l *graph.Learner) { l.UseModulator(tellsReward{}) })
	cfg := graph.Config{Network: graph.MLP(3, []int{5, 4}, 2, 1, objective.MSE), Learners: []graph.NamedLearner{{Name: "rewarded", Learner: l}},
		Steps: 5, Batch: 2, Query: 3, Dtype: tensor.Float64, Reward: true}
	e := newEpisode(cfg, "reward")
	u, s := unroll(t, cfg), long(t, cfg, 2)
	if err := errors.Join(s.Bind(e.xs, e.ys, e.xq, e.yq), s.Run()); !errors.Is(err, graph.ErrNoReward) {
		t.Fatalf("a run without a reward: %v", err)
	}
	var got [2][]graph.Array
	for i, r := range []runner{u, s} {
		if err := r.(interface{ BindReward([]float64) error }).BindReward(graphtest.Normals("rewards", 10, 1)); err != nil {
			t.Fatal(err)
		}
		run(t, r, e)
		got[i] = everything(t, r, 0)
	}
	for j, w := range got[0] {
		graphtest.SameBits(t, w.Name, got[1][j].Data, w.Data)
	}
}

// TestLongDiagnose asks for the place of the first overflow that the whole episode names.
func TestLongDiagnose(t *testing.T) {
	for _, c := range []struct {
		array string
		value float64
		steps int
	}{{"alpha1", 1e10, 6}, {"alpha1", 3e38, 6}, {"alpha2", 1e25, 2}, {"alpha1", 1e5, 6}} {
		cfg := small(t, tensor.Float32, "flp", "oml")
		cfg.Steps = c.steps
		bad := &cfg.Learners[0].Learner
		bad.Rule, bad.FeedbackActivation = "hebb", graph.Linear
		e := newEpisode(cfg, "diagnose")
		u, s := unroll(t, cfg), long(t, cfg, c.steps/2)
		var found [2]*graph.Divergence
		for i, r := range []runner{u, s} {
			run(t, r, e)
			th := theta(r.Layout(0))
			p, _ := r.Layout(0).Find(c.array)
			for k := range p.Of(th) {
				p.Of(th)[k] = c.value
			}
			d := r.(interface {
				Diagnose(i int) (*graph.Divergence, error)
			})
			if healthy, err := d.Diagnose(0); healthy != nil || err != nil {
				t.Fatalf("%v, %v: want no divergence yet", healthy, err)
			}
			if err := r.SetParams(0, th); err != nil {
				t.Fatal(err)
			}
			var err error
			if found[i], err = d.Diagnose(0); err != nil || found[i] == nil {
				t.Fatalf("%v, %v: want a divergence", found[i], err)
			}
			if other, err := d.Diagnose(1); other != nil || err != nil {
				t.Fatalf("healthy learner: %v, %v", other, err)
			}
		}
		if found[0].At != found[1].At || found[0].Index != found[1].Index {
			t.Errorf("%s at %v: %v in segments, %v as a whole", c.array, c.value, found[1], found[0])
		}
	}
}

// TestLongAllocatesNothing runs every preset in segments.
func TestLongAllocatesNothing(t *testing.T) {
	cfg := small(t, tensor.Float32)
	cfg.Steps = 6
	s := long(t, cfg, 2)
	run(t, s, newEpisode(cfg, "allocations"))
	if n := testing.AllocsPerRun(20, func() {
		if err := s.Run(); err != nil {
			t.Fatal(err)
		}
	}); n != 0 && !graphtest.Race {
		t.Errorf("%v allocations in a run: want none", n)
	}
}

// TestLongLinear builds an episode of ten times the steps and wants graphs of about three times the size:
// the length of a segment, and not that of the episode, decides.
func TestLongLinear(t *testing.T) {
	cfg := small(t, tensor.Float32, "flp")
	cfg.Steps = 60
	short := long(t, cfg, 10)
	cfg.Steps = 600
	if s := long(t, cfg, 10); s.Nodes() != short.Nodes() || s.Bytes() != short.Bytes() {
		t.Errorf("%d nodes and a slab of %d bytes for 600 steps, %d and %d for 60: want the same", s.Nodes(), s.Bytes(), short.Nodes(), short.Bytes())
	}
}

// TestLongErrors refuses what it cannot do.
func TestLongErrors(t *testing.T) {
	cfg := small(t, tensor.Float32, "flp")
	m, err := graph.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Long(0); err == nil || !strings.Contains(err.Error(), "at least 1") {
		t.Errorf("segments of 0 steps: %v", err)
	}
	s := long(t, cfg, 2)
	if err := s.Bind(nil, nil, nil, nil); err == nil || !strings.Contains(err.Error(), "x_support") {
		t.Errorf("no data: %v", err)
	}
	cfg.Machine = engine.Tape
	if m, err = graph.New(cfg); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Long(2); err == nil || !strings.Contains(err.Error(), "planned machine") {
		t.Errorf("on another machine: %v", err)
	}
}
