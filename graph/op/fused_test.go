package op_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"

	"metaplast/graph/blas"
	"metaplast/graph/engine"
	"metaplast/graph/op"
)

// question says what is asked of both graphs.
type question struct {
	dt     tensor.Dtype
	name   string
	wrt    []int // operands whose gradients are asked for
	again  bool  // operands are read after the op too: its contributions are added to others
	second bool  // the gradients' own gradients as well
}

// answer is an array that both graphs must agree on, nil for a gradient without a path.
type answer struct {
	what  string
	data  []float64
	terms float64 // of a loss: the size of what it sums, which may cancel
}

func (q question) ask(t rapid.TB, b *op.Builder, f fused, m engine.Machine) ([]answer, map[string]int) {
	t.Helper()
	in := inputs(t, b, q.name, f.shapes)
	out := f.build(b, in)
	total := cost(t, b, q.name+"/cost", out)
	if q.again {
		for i, n := range in {
			total = b.Add(total, b.Dot(n, inputs(t, b, fmt.Sprintf("%s/again/%d", q.name, i), [][]int{n.Shape()})[0]))
		}
	}
	var wrt []*G.Node
	for _, i := range q.wrt {
		wrt = append(wrt, in[i])
	}
	nodes, names := []*G.Node{out}, []string{"value"}
	gradient := func(order int, cost *G.Node) []*G.Node {
		grads, err := engine.Grad(b, cost, wrt...)
		if err != nil {
			t.Fatal(err)
		}
		for i, g := range grads {
			nodes, names = append(nodes, g), append(names, fmt.Sprintf("gradient %d by operand %d", order, q.wrt[i]))
		}
		return grads
	}
	first := gradient(1, total)
	if q.second {
		var sum *G.Node
		for i, g := range first {
			if g == nil || g.Op() == nil {
				continue
			}
			term := cost(t, b, fmt.Sprintf("%s/second/%d", q.name, i), g)
			if sum != nil {
				term = b.Add(sum, term)
			}
			sum = term
		}
		if sum != nil {
			gradient(2, sum)
		}
	}
	var outputs []*G.Node
	for _, n := range nodes {
		if n != nil {
			outputs = append(outputs, n)
		}
	}
	run(t, m, b, outputs...)
	pieces := map[string]int{}
	for _, n := range b.Graph().AllNodes() {
		if k, ok := n.Op().(*op.Kernel); ok {
			pieces[k.Kind()] = max(pieces[k.Kind()], k.Pieces())
		}
	}
	answers := make([]answer, len(nodes))
	for i, n := range nodes {
		answers[i].what = names[i]
		if n == nil {
			continue
		}
		switch d := n.Value().Data().(type) {
		case []float64:
			answers[i].data = d
		case []float32:
			for _, v := range d {
				answers[i].data = append(answers[i].data, float64(v))
			}
		}
	}
	if slices.Equal(out.Shape(), tensor.Shape{1}) {
		for _, n := range in {
			answers[0].terms = max(answers[0].terms, largest(values(n)))
		}
	}
	return answers, pieces
}

// TestFused compares every fused op with the composition that it stands for: the value, the
// gradient by any of its operands, and for small sizes the gradients of those.
func TestFused(t *testing.T) {
	for _, c := range fusedOps {
		t.Run(c.name, func(t *testing.T) {
			most := map[string]int{}
			check(t, c.checks, func(r *rapid.T) {
				c.compare(r, c.kinds != "" && rapid.IntRange(0, 11).Draw(r, "big") == 11, most)
			})
			for _, kind := range append(strings.Fields(c.kinds), strings.Fields(c.name)...) {
				// A StepBack goes through its blocks of rows itself.
				if least := min(2, 1+len(c.kinds)); kind != "StepBack" && most[kind] < least {
					t.Errorf("%s: at most %d pieces: want %d at least", kind, most[kind], least)
				}
			}
		})
	}
}

// compare draws a use of a fused op, and compares it with its composition. The most pieces that
// a kernel of a kind was in are added to most.
func (c fusedOp) compare(r *rapid.T, big bool, most map[string]int) {
	f := c.draw(r, big)
	q := question{dt: tensor.Float64, name: fmt.Sprint(c.name, rapid.Uint32().Draw(r, "values")), again: rapid.Bool().Draw(r, "again")}
	// Both add the same products in other orders, and round in other places: thousands of
	// roundings of 1.1e-16 or hundreds of 6e-8, measured by the largest element because sums
	// cancel.
	tolerance := 1e-12
	if rapid.Bool().Draw(r, "single") {
		q.dt, tolerance = tensor.Float32, 2e-5
	}
	for i := range f.shapes {
		if rapid.IntRange(0, 3).Draw(r, "wrt") > 0 {
			q.wrt = append(q.wrt, i)
		}
	}
	size := 0
	for _, s := range f.shapes {
		size += tensor.Shape(s).TotalSize()
	}
	q.second = q.dt == tensor.Float64 && size < 3000 && rapid.Bool().Draw(r, "second")
	if q.second {
		tolerance = 1e-11
	}
	kernel, composed := op.New(q.dt), op.New(q.dt)
	composed.Compose()
	have, pieces := q.ask(r, kernel, f, engine.Planned(engine.Options{Threads: rapid.IntRange(1, 2).Draw(r, "threads")}))
	want, parts := q.ask(r, composed, f, engine.Sequential)
	agree(r, have, want, tolerance)
	for kind, n := range pieces {
		most[kind] = max(most[kind], n)
	}
	for _, kind := range strings.Fields(c.kinds) {
		if parts[kind] > 0 {
			r.Errorf("the composition has a %s", kind)
		}
	}
}

// TestKernelSetsAgree asks for the same bits from the kernels of AVX2 and of AVX-512, where gonum
// does the products that they leave.
func TestKernelSetsAgree(t *testing.T) {
	lib, err := blas.Default()
	if err != nil {
		t.Fatal(err)
	}
	if lib.Name() != "gonum" || !slices.Contains(op.KernelSets(), "avx512") {
		t.Skipf("SKIPPED: products of %s, kernels of %v: nothing is said of these", lib.Name(), op.KernelSets())
	}
	for _, c := range fusedOps {
		t.Run(c.name, func(t *testing.T) {
			check(t, 40, func(r *rapid.T) {
				f := c.draw(r, c.kinds != "" && rapid.IntRange(0, 11).Draw(r, "big") == 11)
				q := question{dt: tensor.Float32, name: fmt.Sprint(c.name, rapid.Uint32().Draw(r, "values"))}
				for i := range f.shapes {
					q.wrt = append(q.wrt, i)
				}
				var of [][]answer
				for i, set := range []string{"avx512", "avx2"} {
					restore := op.UseKernels(set)
					answers, _ := q.ask(r, op.New(q.dt), f, engine.Planned(engine.Options{Threads: 1 + i}))
					restore()
					of = append(of, answers)
				}
				agree(r, of[1], of[0], 0)
			})
		})
	}
}

// fuzzFused compares an op with its composition for whatever is drawn from the fuzzer's bytes,
// with kernels of any set that this processor has.
func fuzzFused(f *testing.F, name string) {
	i := slices.IndexFunc(fusedOps, func(c fusedOp) bool { return c.name == name })
	if i < 0 {
		f.Fatalf("no op %s", name)
	}
	addBytes(f)
	f.Fuzz(rapid.MakeFuzz(func(r *rapid.T) {
		defer op.UseKernels(rapid.SampledFrom(op.KernelSets()).Draw(r, "kernels"))()
		fusedOps[i].compare(r, false, map[string]int{})
	}))
}

// addBytes begins with bytes enough for every draw.
func addBytes(f *testing.F) {
	for seed := range uint64(8) {
		data := make([]byte, 1<<10)
		rng := rand.New(rand.NewPCG(seed, 0))
		for i := range data {
			data[i] = byte(rng.Uint32())
		}
		f.Add(data)
	}
}

func FuzzDense(f *testing.F)        { fuzzFused(f, "Dense") }
func FuzzDenseBack(f *testing.F)    { fuzzFused(f, "DenseBack") }
func FuzzPost(f *testing.F)         { fuzzFused(f, "Post") }
func FuzzHebbStep(f *testing.F)     { fuzzFused(f, "HebbStep") }
func FuzzOjaStep(f *testing.F)      { fuzzFused(f, "OjaStep") }
func FuzzTaylorStep(f *testing.F)   { fuzzFused(f, "TaylorStep") }
func FuzzSynapseNet(f *testing.F)   { fuzzFused(f, "SynapseNet") }
func FuzzLogDistance(f *testing.F)  { fuzzFused(f, "LogDistance") }
func FuzzMSE(f *testing.F)          { fuzzFused(f, "MSE") }
func FuzzCrossEntropy(f *testing.F) { fuzzFused(f, "CrossEntropy") }
func FuzzConvLayer(f *testing.F)    { fuzzFused(f, "ConvLayer") }

// TestFusedFuzzed asks for a fuzz target of every fused op.
func TestFusedFuzzed(t *testing.T) {
	text, err := os.ReadFile("fused_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range fusedOps {
		if !strings.Contains(string(text), fmt.Sprintf("{ fuzzFused(f, %q) }", c.name)) {
			t.Errorf("%s is not fuzzed", c.name)
		}
	}
}

func agree(t rapid.TB, have, want []answer, tolerance float64) {
	t.Helper()
	if len(have) != len(want) {
		t.Fatalf("%d arrays of the kernel, %d of the composition", len(have), len(want))
	}
	for i, w := range want {
		h := have[i].data
		if len(h) != len(w.data) {
			t.Errorf("%s: %d elements, %d of the composition", w.what, len(h), len(w.data))
			continue
		}
		scale := largest(w.data)
		if len(w.data) == 1 { // a sum that may cancel to nothing
			scale = max(scale, largest(want[0].data), w.terms)
		}
		for j, v := range w.data {
			if d := math.Abs(h[j] - v); !(d <= tolerance*scale) {
				t.Errorf("%s [%d]: %.17g, by the composition %.17g: off by %.2g of the largest, want %g", w.what, j, h[j], v, d/scale, tolerance)
				break
			}
		}
	}
}

func largest(x []float64) float64 {
	m := 0.0
	for _, v := range x {
		m = max(m, math.Abs(v))
	}
	return m
}
