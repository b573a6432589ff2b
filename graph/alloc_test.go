package graph_test

import (
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/graph/engine"
	"metaplast/graph/internal/graphtest"
)

// TestThreadsAllocateNothing holds for one thread exactly, see TestRunAllocatesNothing. With
// several the runtime may keep books of goroutines now and then.
func TestThreadsAllocateNothing(t *testing.T) {
	for _, o := range []engine.Options{{Threads: 1, Remat: 2}, {Threads: 2}, {Threads: 2, Remat: 2}} {
		cfg := small(t, tensor.Float32)
		cfg.Threads, cfg.Remat = o.Threads, o.Remat
		u := unroll(t, cfg)
		run(t, u, newEpisode(cfg, "allocations"))
		n := testing.AllocsPerRun(50, func() {
			if err := u.Run(); err != nil {
				t.Fatal(err)
			}
		})
		if (n > 0 && o.Threads == 1 || n >= 1) && !graphtest.Race {
			t.Errorf("%+v: %v allocations in a run: want none", o, n)
		}
	}
}

// TestInnerAllocates counts what binding costs, and nothing else: Gorgonia and its tensors make
// a header or two of 24 bytes for whoever asks for a shape or an array.
func TestInnerAllocates(t *testing.T) {
	for _, threads := range []int{1, 2} {
		cfg := small(t, tensor.Float32)
		cfg.Threads = threads
		in, err := graph.NewInner(cfg)
		if err != nil {
			t.Fatal(err)
		}
		for i := range cfg.Learners {
			layout, err := graph.NewLayout(cfg.Network, cfg.Learners[i].Learner)
			if err != nil {
				t.Fatal(err)
			}
			if err := in.SetParams(i, theta(layout)); err != nil {
				t.Fatal(err)
			}
		}
		x, y := graphtest.Normals("x", cfg.Batch*4, 0.1), graphtest.Normals("y", cfg.Batch*3, 0.1)
		qx, qy := graphtest.Normals("qx", cfg.Query*4, 0.1), graphtest.Normals("qy", cfg.Query*3, 0.1)
		in.Start()
		n := testing.AllocsPerRun(50, func() {
			if err := in.Step(x, y); err != nil {
				t.Fatal(err)
			}
			if err := in.Query(qx, qy); err != nil {
				t.Fatal(err)
			}
		})
		if bound, each := 4., 4.; (n > bound*each && threads == 1 || n >= bound*each+1) && !graphtest.Race {
			t.Errorf("%d threads: %v allocations in a step and a query: want no more than %v", threads, n, bound*each)
		}
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestSlabIsLinear plans episodes of 8, 16 and 32 steps: each step takes as many bytes as any
// other, and fewer with checkpoints. (The first few may take more or less: they end before
// the pattern of what is given back when repeats itself.)
func TestSlabIsLinear(t *testing.T) {
	for _, c := range []struct {
		name    string
		preset  string
		frozen  int
		threads int
	}{{"flp", "flp", 0, 1}, {"flp above a frozen layer", "flp", 1, 1}, {"oml", "oml", 0, 1}, {"fa", "fa", 0, 1}, {"flp on two threads", "flp", 0, 2}} {
		slab := func(steps, remat int) int {
			cfg := small(t, tensor.Float32, c.preset)
			cfg.Network = graph.MLP(11, []int{40, 50, 30}, 3, c.frozen, objective.MSE)
			cfg.Batch, cfg.Steps, cfg.Threads, cfg.Remat = 8, steps, c.threads, remat
			return unroll(t, cfg).Bytes()
		}
		eight, sixteen, long := slab(8, 0), slab(16, 0), slab(32, 0)
		if eight <= 0 || sixteen <= eight || long-sixteen != 2*(sixteen-eight) {
			t.Errorf("%s: %d bytes for 8 steps, %d for 16, %d for 32: want a straight line", c.name, eight, sixteen, long)
		}
		for _, remat := range []int{1, 2, 4, 8} {
			if bytes := slab(16, remat); bytes >= sixteen {
				t.Errorf("%s: %d bytes with checkpoints at every %d steps, %d without", c.name, bytes, remat, sixteen)
			}
		}
		// √T segments of √T steps: neither all checkpoints nor all of an episode.
		if root := slab(16, 4); root >= slab(16, 1) && root >= slab(16, 8) {
			t.Errorf("%s: %d bytes with checkpoints at every 4 of 16 steps, more than at every 1 and every 8", c.name, root)
		}
	}
}
