package graph_test

import (
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data/stream"
	"metaplast/graph"
	"metaplast/graph/blas"
	"metaplast/graph/op"
	"metaplast/rules"
)

// normals are seeded numbers.
func normals(name string, n int, scale float64) []float64 {
	r := stream.New(1, "test/graph/"+name, 0, 0)
	x := make([]float64, n)
	for i := range x {
		x[i] = scale * r.NormFloat64()
	}
	return x
}

// bound makes an input node that holds data, without a copy.
func bound(t *testing.T, b *op.Builder, name string, data []float64, shape ...int) *G.Node {
	t.Helper()
	n := b.Input(name, shape...)
	if n == nil {
		t.Fatal(b.Err())
	}
	if err := G.Let(n, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))); err != nil {
		t.Fatal(err)
	}
	return n
}

// evaluate runs nodes of a float64 graph and copies their values.
func evaluate(t *testing.T, b *op.Builder, nodes ...*G.Node) [][]float64 {
	t.Helper()
	if err := b.Err(); err != nil {
		t.Fatal(err)
	}
	vm, err := graph.Sequential(b, nodes)
	if err != nil {
		t.Fatal(err)
	}
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	var values [][]float64
	for _, n := range nodes {
		values = append(values, append([]float64(nil), n.Value().Data().([]float64)...))
	}
	return values
}

// gradients is graph.Grad for tests where every derivative must exist.
func gradients(t *testing.T, b *op.Builder, cost *G.Node, wrt ...*G.Node) []*G.Node {
	t.Helper()
	g, err := graph.Grad(b, cost, wrt...)
	if err != nil {
		t.Fatal(err)
	}
	for i := range g {
		if g[i] == nil {
			t.Fatalf("no path from %v to the cost", wrt[i])
		}
	}
	return g
}

// differences compares a claimed gradient of a cost by bound data with central differences,
// extrapolated from two steps. What is left of their error is about 1e-11.
func differences(t *testing.T, what string, f func() float64, at, claimed []float64) {
	t.Helper()
	differencesBy(t, what, f, at, claimed, 1e-3, 1e-9)
}

// differencesBy does it with steps h and h/2, to a tolerance. Smaller steps leave more rounding
// and meet fewer kinks of relu.
func differencesBy(t *testing.T, what string, f func() float64, at, claimed []float64, h, tolerance float64) {
	t.Helper()
	scale := 1e-3
	for _, g := range claimed {
		scale = math.Max(scale, math.Abs(g))
	}
	for i, x := range at {
		central := func(h float64) float64 {
			at[i] = x + h
			up := f()
			at[i] = x - h
			down := f()
			at[i] = x
			return (up - down) / (2 * h)
		}
		if want := (4*central(h/2) - central(h)) / 3; !(math.Abs(claimed[i]-want) <= tolerance*scale) {
			t.Errorf("%s[%d]: gradient %.12g, central differences %.12g", what, i, claimed[i], want)
		}
	}
}

// closeTo compares arrays to a tolerance relative to the largest element.
func closeTo(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d elements: want %d", what, len(got), len(want))
	}
	scale := 0.0
	for _, w := range want {
		scale = math.Max(scale, math.Abs(w))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= tolerance*scale) {
			t.Errorf("%s[%d]: %.17g: want %.17g", what, i, got[i], want[i])
		}
	}
}

// sameBits compares arrays exactly.
func sameBits(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d elements: want %d", what, len(got), len(want))
	}
	for i := range want {
		if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
			t.Errorf("%s[%d]: %v: want the bits of %v", what, i, got[i], want[i])
			return
		}
	}
}

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
	own := cfg.Dtype == tensor.Float32 && op.Tiles() == "AVX-512"
	if !frozen || lib.Name() == "gonum" && !own {
		sameBits(t, what, got, want)
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
type episode struct{ xs, ys, xq, yq *tensor.Dense }

// newEpisode draws an episode that fits a configuration; targets are one-hot for
// cross-entropy.
func newEpisode(cfg graph.Config, seed string) episode {
	in, out := cfg.Network.Input, cfg.Network.Outputs()
	dense := func(name string, target bool, shape ...int) *tensor.Dense {
		x := normals(seed+"/"+name, tensor.Shape(shape).TotalSize(), 1)
		if target && cfg.Network.Loss == rules.CrossEntropy {
			r := stream.New(1, "test/graph/"+seed+"/"+name+"/classes", 0, 0)
			clear(x)
			for i := 0; i < len(x); i += out {
				x[i+r.IntN(out)] = 1
			}
		}
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(x))
	}
	return episode{
		dense("xs", false, append([]int{cfg.Steps, cfg.Batch}, in...)...), dense("ys", true, cfg.Steps, cfg.Batch, out),
		dense("xq", false, append([]int{cfg.Query}, in...)...), dense("yq", true, cfg.Query, out),
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
		for i, x := range normals("theta/"+p.Name, p.Size, spread) {
			p.Of(th)[i] += x
		}
	}
	return th
}

// run binds an episode and parameters for every learner, and runs.
func run(t *testing.T, u *graph.Unrolled, e episode) {
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
