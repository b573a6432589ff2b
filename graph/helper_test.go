package graph_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/data/stream"
	"metaplast/graph"
	"metaplast/graph/blas"
	"metaplast/graph/internal/graphtest"
	"metaplast/graph/op"
)

// sameEpisode checks what learner i makes of an episode step by step against the unrolled
// episode: the same bits, but with frozen layers below all that is plastic, computed by kernels
// that differ with the number of rows. Then the bound is in units in the last place of the
// largest number; it is three times what three steps make of the rounding of such layers.
func sameEpisode(t *testing.T, cfg graph.Config, i int, what string, got, want []float64) {
	t.Helper()
	lib, err := blas.Default()
	if err != nil {
		t.Fatal(err)
	}
	frozen := !cfg.Network.Layers[0].Plastic || cfg.Learners[i].Learner.OutputOnly
	own := cfg.Dtype == tensor.Float32 && op.Tiles() != "none"
	if !frozen || lib.Name() == "gonum" && !own {
		graphtest.SameBits(t, what, got, want)
		return
	}
	const places = 64
	epsilon, largest := 0x1p-52, 0.0
	if cfg.Dtype == tensor.Float32 {
		epsilon = 0x1p-23
	}
	for _, v := range want {
		largest = math.Max(largest, math.Abs(v))
	}
	for j := range want {
		if d := math.Abs(got[j] - want[j]); !(d <= places*epsilon*largest) {
			t.Errorf("%s: %s[%d]: %v: want %v within %d units in the last place of %v", cfg.Learners[i].Name, what, j, got[j], want[j], places, largest)
			return
		}
	}
}

// episode is data for one graph.
type episode struct{ xs, ys, xq, yq []float64 }

// newEpisode draws an episode that fits a configuration; targets are one-hot for
// cross-entropy.
func newEpisode(cfg graph.Config, seed string) episode {
	in, out := cfg.Network.Input, cfg.Network.Outputs()
	draw := func(name string, target bool, shape ...int) []float64 {
		x := graphtest.Normals(seed+"/"+name, tensor.Shape(shape).TotalSize(), 1)
		if target && cfg.Network.Loss == objective.CrossEntropy {
			r := stream.New(1, "test/graph/"+seed+"/"+name+"/classes", 0, 0)
			clear(x)
			for i := 0; i < len(x); i += out {
				x[i+r.IntN(out)] = 1
			}
		}
		return x
	}
	return episode{
		draw("xs", false, append([]int{cfg.Steps, cfg.Batch}, in...)...), draw("ys", true, cfg.Steps, cfg.Batch, out),
		draw("xq", false, append([]int{cfg.Query}, in...)...), draw("yq", true, cfg.Query, out),
	}
}

// unroll builds a graph.
func unroll(t *testing.T, cfg graph.Config) *graph.Unrolled {
	t.Helper()
	u, err := graph.Unroll(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := u.Close(); err != nil {
			t.Error(err)
		}
	})
	return u
}

// theta is initial parameters with all symmetry broken; α is small but not zero.
func theta(layout graph.Layout) []float64 {
	th := layout.Init(5)
	for _, p := range layout {
		spread := map[string]float64{graph.Weights: 0.1, graph.Feedback: 0.1, graph.Plasticity: 0.02, graph.Strength: 0.1}[p.Group]
		for i, x := range graphtest.Normals("theta/"+p.Name, p.Size, spread) {
			p.Of(th)[i] += x
		}
	}
	return th
}

// runner is an episode that runs, whole or in segments.
type runner interface {
	Bind(supportX, supportY, queryX, queryY []float64) error
	SetParams(i int, theta []float64) error
	Run() error
	Learners() int
	Layout(i int) graph.Layout
	Loss(i int) float64
	Gradient(i int, dst []float64) bool
	FinalWeights(i int) []graph.Array
	FinalState(i int) []graph.Array
}

// run binds an episode and parameters for every learner, and runs.
func run(t *testing.T, u runner, e episode) {
	t.Helper()
	if err := u.Bind(e.xs, e.ys, e.xq, e.yq); err != nil {
		t.Fatal(err)
	}
	for i := range u.Learners() {
		if err := u.SetParams(i, theta(u.Layout(i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := u.Run(); err != nil {
		t.Fatal(err)
	}
}

// runWith binds an episode and the one learner's parameters, and runs.
func runWith(t *testing.T, u *graph.Unrolled, e episode, theta []float64) {
	t.Helper()
	if err := u.Bind(e.xs, e.ys, e.xq, e.yq); err != nil {
		t.Fatal(err)
	}
	if err := u.SetParams(0, theta); err != nil {
		t.Fatal(err)
	}
	if err := u.Run(); err != nil {
		t.Fatal(err)
	}
}

// results is all that a learner's run gives: loss, gradient, final weights.
func results(t *testing.T, u *graph.Unrolled, i int) []float64 {
	t.Helper()
	g := make([]float64, u.Layout(i).Total())
	if !u.Gradient(i, g) {
		t.Fatalf("learner %d: loss or gradient is not finite", i)
	}
	r := append([]float64{u.Loss(i)}, g...)
	for _, a := range u.FinalWeights(i) {
		r = append(r, a.Data...)
	}
	return r
}
