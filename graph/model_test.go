package graph_test

import (
	"sync"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/graph"
	"metaplast/graph/engine"
	"metaplast/graph/internal/graphtest"
)

// TestModel makes several episodes from one model, at the same time and with other options, and
// wants of each what an episode of its own gives.
func TestModel(t *testing.T) {
	cfg := small(t, tensor.Float32)
	m, err := graph.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	alone := unroll(t, cfg)
	e := newEpisode(cfg, "model")
	run(t, alone, e)
	episodes := make([]*graph.Unrolled, 3)
	errs := make([]error, len(episodes))
	var group sync.WaitGroup
	for i := range episodes {
		group.Go(func() { episodes[i], errs[i] = m.On(engine.Options{Threads: 1 + i%2, Remat: i}).Unroll() })
	}
	group.Wait()
	for i, u := range episodes {
		if errs[i] != nil {
			t.Fatal(errs[i])
		}
		run(t, u, e)
		for l := range cfg.Learners {
			if have, want := m.Layout(l).Total(), alone.Layout(l).Total(); have != want {
				t.Errorf("a layout of %d: want %d", have, want)
			}
			graphtest.SameBits(t, cfg.Learners[l].Name, results(t, u, l), results(t, alone, l))
		}
		if err := u.Close(); err != nil {
			t.Error(err)
		}
	}
	if episodes[0].Bytes() == episodes[1].Bytes() {
		t.Errorf("%d bytes with and without checkpoints: the options are not used", episodes[0].Bytes())
	}
}
