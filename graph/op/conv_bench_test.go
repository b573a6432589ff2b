package op_test

import (
	"fmt"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/blas"
	"metaplast/graph/op"
)

// convNets are the layers of two networks: small glyphs with strides and padding, and the
// 84x84 pictures of OML's code with six unpadded layers of strides 2, 1, 2, 1, 2, 2.
var convNets = []struct {
	name   string
	layers []images
}{
	{"28x28", []images{{50, 1, 28, 28, 64, 3, 2, 1}, {50, 64, 14, 14, 64, 3, 2, 1}, {50, 64, 7, 7, 64, 3, 2, 1}}},
	{"84x84", []images{
		{30, 3, 84, 84, 128, 3, 2, 0}, {30, 128, 41, 41, 128, 3, 1, 0}, {30, 128, 39, 39, 128, 3, 2, 0},
		{30, 128, 19, 19, 128, 3, 1, 0}, {30, 128, 17, 17, 128, 3, 2, 0}, {30, 128, 8, 8, 128, 3, 2, 0},
	}},
}

// BenchmarkConv reports the rate of each layer forward and of both parts of its derivative,
// on one thread, and that of one plain product of the same operands, unfolding left out.
//
//	METAPLAST_BLAS=openblas go test -run - -bench Conv ./graph/op
func BenchmarkConv(b *testing.B) {
	lib, err := blas.Default()
	if err != nil {
		b.Fatal(err)
	}
	for _, net := range convNets {
		for i, z := range net.layers {
			g := op.New(tensor.Float32)
			in := inputs(b, g, "bench", [][]int{{z.n, z.c, z.h, z.w}, {z.o, z.c, z.k, z.k}, {z.o}})
			out := g.ConvLayer(in[0], in[1], in[2], z.stride, z.pad, op.Relu)
			d := g.Pullback(out, out, in...)
			name := fmt.Sprintf("%s/%d", net.name, i+1)
			oh, ow := z.outputs()
			rows, columns := z.c*z.k*z.k, min(z.n*oh*ow, 2000)
			for _, k := range []struct {
				name string
				node *G.Node
				p    op.Product
			}{
				{"forward", out, op.Product{M: z.o, N: columns, K: rows}},
				{"convX", d[0], op.Product{TA: true, M: rows, N: columns, K: z.o}},
				{"convW", d[1], op.Product{TB: true, M: z.o, N: rows, K: columns}},
			} {
				b.Run(name+"/"+k.name, func(b *testing.B) { benchmarkKernel(b, k.node) })
				b.Run(name+"/"+k.name+"/product", func(b *testing.B) { benchmarkProduct(b, lib, k.p) })
			}
		}
	}
}

// BenchmarkPatches is what a plastic convolution of one example adds to a plastic dense layer,
// and that layer's step on the patches.
func BenchmarkPatches(b *testing.B) {
	for _, net := range convNets {
		for i, z := range net.layers {
			z.n = 1
			g := op.New(tensor.Float32)
			oh, ow := z.outputs()
			in := inputs(b, g, "bench", [][]int{{z.n, z.c, z.h, z.w}, {z.n, z.o, oh, ow}, {z.o, z.c * z.k * z.k}})
			h, p := g.Patches(in[0], z.k, z.stride, z.pad), g.Positions(in[1])
			name := fmt.Sprintf("%s/%d/", net.name, i+1)
			b.Run(name+"patches", func(b *testing.B) { benchmarkKernel(b, h) })
			b.Run(name+"back", func(b *testing.B) { benchmarkKernel(b, g.Pullback(h, h, in[0])[0]) })
			b.Run(name+"positions", func(b *testing.B) { benchmarkKernel(b, p) })
			b.Run(name+"step", func(b *testing.B) {
				benchmarkKernel(b, g.HebbStep(in[2], p, h, op.Plasticity{Scale: 1}))
			})
		}
	}
}

func benchmarkProduct(b *testing.B, lib *blas.Library, p op.Product) {
	x, y, c := op.Alloc[float32](p.M*p.K), op.Alloc[float32](p.K*p.N), op.Alloc[float32](p.M*p.N)
	for i := range x {
		x[i] = float32(i%13-6) / 8
	}
	for i := range y {
		y[i] = float32(i%11-5) / 8
	}
	lda, ldb := p.K, p.N
	if p.TA {
		lda = p.M
	}
	if p.TB {
		ldb = p.K
	}
	for b.Loop() {
		lib.Sgemm(p.TA, p.TB, p.M, p.N, p.K, 1, x, lda, y, ldb, 0, c, p.N)
	}
	b.ReportMetric(p.FLOPs()*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
