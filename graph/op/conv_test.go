package op_test

import (
	"fmt"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"

	"metaplast/graph/engine"
	"metaplast/graph/op"
)

// plainConv is the formula, six loops: the result, and what x and w receive for g.
func plainConv(z images, x, w, g []float64) (c, dx, dw []float64) {
	oh, ow := z.outputs()
	c, dx, dw = make([]float64, z.n*z.o*oh*ow), make([]float64, len(x)), make([]float64, len(w))
	for n := range z.n {
		for o := range z.o {
			for i := range oh * ow {
				at := (n*z.o+o)*oh*ow + i
				for q := range z.c {
					for u := range z.k {
						for v := range z.k {
							y, xx := i/ow*z.stride+u-z.pad, i%ow*z.stride+v-z.pad
							if y < 0 || y >= z.h || xx < 0 || xx >= z.w {
								continue
							}
							from, by := ((n*z.c+q)*z.h+y)*z.w+xx, ((o*z.c+q)*z.k+u)*z.k+v
							c[at] += x[from] * w[by]
							dx[from] += g[at] * w[by]
							dw[by] += g[at] * x[from]
						}
					}
				}
			}
		}
	}
	return c, dx, dw
}

func values(n *G.Node) []float64 {
	switch d := n.Value().Data().(type) {
	case []float64:
		return d
	case []float32:
		x := make([]float64, len(d))
		for i, v := range d {
			x[i] = float64(v)
		}
		return x
	}
	return nil
}

// TestConvPlain compares the three forms of a convolution with six loops.
func TestConvPlain(t *testing.T) {
	check(t, 250, func(r *rapid.T) { compareConv(r, drawImages(r, rapid.IntRange(0, 30).Draw(r, "big") == 30)) })
}

func FuzzConv(f *testing.F) {
	addBytes(f)
	f.Fuzz(rapid.MakeFuzz(func(r *rapid.T) {
		defer op.UseKernels(rapid.SampledFrom(op.KernelSets()).Draw(r, "kernels"))()
		compareConv(r, drawImages(r, false))
	}))
}

func compareConv(r *rapid.T, z images) {
	dt, tolerance := tensor.Float64, 1e-12
	if rapid.Bool().Draw(r, "single") {
		dt, tolerance = tensor.Float32, 2e-5 // hundreds of roundings of 6e-8
	}
	b := op.New(dt)
	oh, ow := z.outputs()
	name := fmt.Sprint("plain", rapid.Uint32().Draw(r, "values"))
	in := inputs(r, b, name, [][]int{{z.n, z.c, z.h, z.w}, {z.o, z.c, z.k, z.k}, {z.n, z.o, oh, ow}, {z.o}})
	c := b.Conv(in[0], in[1], z.stride, z.pad)
	d := b.Pullback(c, in[2], in[0], in[1])
	// Added to a sum as well.
	twice := b.Pullback(b.Add(b.Conv(in[0], in[1], z.stride, z.pad), b.Conv(in[0], in[1], z.stride, z.pad)), in[2], in[0], in[1])
	run(r, engine.Planned(engine.Options{Threads: 2}), b, c, d[0], d[1], twice[0], twice[1])
	wc, wx, ww := plainConv(z, values(in[0]), values(in[1]), values(in[2]))
	double := func(x []float64) []float64 {
		y := make([]float64, len(x))
		for i := range x {
			y[i] = 2 * x[i]
		}
		return y
	}
	agree(r, []answer{{what: "value", data: values(c)}, {what: "x", data: values(d[0])}, {what: "w", data: values(d[1])}, {what: "x twice", data: values(twice[0])}, {what: "w twice", data: values(twice[1])}},
		[]answer{{what: "value", data: wc}, {what: "x", data: wx}, {what: "w", data: ww}, {what: "x twice", data: double(wx)}, {what: "w twice", data: double(ww)}}, tolerance)
}

// TestConvThreads asks for the same bits from any number of threads, and for no allocation.
func TestConvThreads(t *testing.T) {
	for _, z := range []images{{13, 20, 9, 9, 24, 3, 1, 1}, {2, 3, 60, 60, 32, 3, 1, 0}, {1, 48, 60, 60, 64, 3, 2, 1}, {40, 1, 28, 28, 64, 3, 2, 1}} {
		var want [][]float64
		for threads := 1; threads <= 3; threads++ {
			b := op.New(tensor.Float32)
			in := inputs(t, b, "threads", [][]int{{z.n, z.c, z.h, z.w}, {z.o, z.c, z.k, z.k}, {z.o}})
			out := b.ConvLayer(in[0], in[1], in[2], z.stride, z.pad, op.Relu)
			d := b.Pullback(out, out, in...)
			nodes := append([]*G.Node{out}, d...)
			vm, err := engine.Planned(engine.Options{Threads: threads})(b, nodes)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := vm.RunAll(); err != nil {
					t.Fatal(err)
				}
			}
			if threads == 1 {
				for _, n := range nodes {
					want = append(want, values(n))
				}
				if n := testing.AllocsPerRun(3, func() { _ = vm.RunAll() }); n != 0 && !race {
					t.Errorf("%+v: %v allocations in a run: want none", z, n)
				}
				pieces := map[string]int{}
				for _, n := range nodes {
					k := n.Op().(*op.Kernel)
					pieces[k.Kind()] = k.Pieces()
				}
				for _, kind := range []string{"ConvLayer", "ConvX", "ConvW"} {
					if pieces[kind] < 2 {
						t.Errorf("%+v: %s in %d pieces: want several", z, kind, pieces[kind])
					}
				}
				continue
			}
			for i, n := range nodes {
				for j, v := range values(n) {
					if v != want[i][j] {
						t.Fatalf("%+v, %d threads: array %d[%d]: %v, on one thread %v", z, threads, i, j, v, want[i][j])
					}
				}
			}
		}
	}
}

// TestConvFrozenInput checks that nothing is computed for images that need no gradient.
func TestConvFrozenInput(t *testing.T) {
	b := op.New(tensor.Float64)
	in := inputs(t, b, "frozen input", [][]int{{2, 1, 5, 5}, {2, 1, 3, 3}, {2}})
	if _, err := engine.Grad(b, cost(t, b, "frozen", b.ConvLayer(in[0], in[1], in[2], 1, 0, op.Relu)), in[1], in[2]); err != nil {
		t.Fatal(err)
	}
	for _, n := range b.Graph().AllNodes() {
		if k, ok := n.Op().(*op.Kernel); ok && k.Kind() == "ConvX" {
			t.Errorf("%v: nobody asked for it", k)
		}
	}
}

// TestConvProducts checks the count of operations.
func TestConvProducts(t *testing.T) {
	check(t, 60, func(r *rapid.T) {
		z := drawImages(r, rapid.IntRange(0, 5).Draw(r, "big") == 5)
		b := op.New(tensor.Float32)
		in := inputs(r, b, "products", [][]int{{z.n, z.c, z.h, z.w}, {z.o, z.c, z.k, z.k}})
		c := b.Conv(in[0], in[1], z.stride, z.pad)
		oh, ow := z.outputs()
		want := 2 * float64(z.n*z.o*z.c*z.k*z.k*oh*ow)
		for _, n := range append([]*G.Node{c}, b.Pullback(c, c, in...)...) {
			flops := 0.0
			for _, p := range n.Op().(*op.Kernel).Products() {
				flops += p.FLOPs()
			}
			if flops != want {
				r.Errorf("%+v: %v: %v FLOPs: want %v", z, n.Op(), flops, want)
			}
		}
	})
}

// TestConvPatches checks that a convolution is a layer on patches, and its reverse that of
// the patches.
func TestConvPatches(t *testing.T) {
	check(t, 120, func(r *rapid.T) {
		z := drawImages(r, rapid.IntRange(0, 30).Draw(r, "big") == 30)
		b := op.New(tensor.Float64)
		oh, ow := z.outputs()
		name := fmt.Sprint("patches", rapid.Uint32().Draw(r, "values"))
		in := inputs(r, b, name, [][]int{{z.n, z.c, z.h, z.w}, {z.o, z.c, z.k, z.k}, {z.n, z.o, oh, ow}})
		layer := b.Images(b.MatMul(b.Patches(in[0], z.k, z.stride, z.pad), b.Reshape(in[1], z.o, z.c*z.k*z.k), op.N, op.T), oh, ow)
		d := b.Pullback(layer, in[2], in[0], in[1])
		back := b.ConvBack(in[2], in[1], in[0], z.stride, z.pad)
		change := b.Hebb(b.Positions(in[2]), b.Patches(in[0], z.k, z.stride, z.pad))
		run(r, engine.Planned(engine.Options{Threads: 2}), b, layer, d[0], d[1], back, change)
		wc, wx, ww := plainConv(z, values(in[0]), values(in[1]), values(in[2]))
		agree(r, []answer{{what: "value", data: values(layer)}, {what: "x", data: values(d[0])}, {what: "w", data: values(d[1])}, {what: "ConvBack", data: values(back)}, {what: "Hebb", data: values(change)}},
			[]answer{{what: "value", data: wc}, {what: "x", data: wx}, {what: "w", data: ww}, {what: "ConvBack", data: wx}, {what: "Hebb", data: ww}}, 1e-12)
	})
}
