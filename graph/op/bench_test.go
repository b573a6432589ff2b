package op_test

import (
	"fmt"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/op"
)

// kernels are the kernels of an episode at the paper's sizes: 32 examples, layers of 300.
var kernels = []struct {
	name   string
	shapes [][]int
	build  func(b *op.Builder, in []*G.Node) *G.Node
}{
	{"Dense", [][]int{{32, 300}, {300, 300}, {300}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Dense(in[0], in[1], in[2], op.Relu) }},
	{"DenseTanh", [][]int{{32, 300}, {300, 300}, {300}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Dense(in[0], in[1], in[2], op.Tanh) }},
	{"DenseSigmoid", [][]int{{32, 300}, {300, 300}, {300}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Dense(in[0], in[1], in[2], op.Sigmoid) }},
	{"DenseSoftplus", [][]int{{32, 300}, {300, 300}, {300}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Dense(in[0], in[1], in[2], "softplus(10)") }},
	{"DenseLeakyRelu", [][]int{{32, 300}, {300, 300}, {300}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Dense(in[0], in[1], in[2], op.LeakyRelu) }},
	{"DenseNarrow", [][]int{{32, 1}, {300, 1}, {300}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Dense(in[0], in[1], in[2], op.Linear) }},
	{"DenseBack", [][]int{{32, 300}, {300, 300}, {32, 300}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.DenseBack(in[0], in[1], in[2], op.Relu) }},
	{"AddMatMulTN", [][]int{{300, 300}, {32, 300}, {32, 300}}, func(b *op.Builder, in []*G.Node) *G.Node {
		return b.AddMatMul(in[0], in[1], in[2], op.T, op.N, 1)
	}},
	{"MatMulNT", [][]int{{32, 300}, {300, 300}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.MatMul(in[0], in[1], op.N, op.T) }},
	{"Post", [][]int{{32, 300}, {32, 300}, {1}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Post(in[0], in[1], in[2]) }},
	{"Gate", [][]int{{32, 300}, {32, 300}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Gate(in[0], in[1]) }},
	{"SumBias", [][]int{{32, 300}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.SumBias(in[0]) }},
	{"AddColScaled", [][]int{{32, 300}, {32, 300}, {300}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.AddColScaled(in[0], in[1], in[2], 2) }},
	{"HebbStep", [][]int{{300, 300}, {32, 300}, {32, 300}, {300, 300}}, func(b *op.Builder, in []*G.Node) *G.Node {
		return b.HebbStep(in[0], in[1], in[2], op.Plasticity{Alpha: in[3], Scale: 1})
	}},
	{"OjaStep", [][]int{{300, 300}, {32, 300}, {32, 300}, {300, 300}}, func(b *op.Builder, in []*G.Node) *G.Node {
		return b.OjaStep(in[0], in[1], in[2], op.Plasticity{Alpha: in[3], Scale: 1})
	}},
	{"TaylorStep", [][]int{{300, 300}, {32, 300}, {32, 300}, {27}, {300, 300}}, func(b *op.Builder, in []*G.Node) *G.Node {
		return b.TaylorStep(in[0], in[1], in[2], nil, in[3], allTerms(2, 0), op.Plasticity{Alpha: in[4], Scale: 1})
	}},
	{"OjaStepQuick", [][]int{{64, 64}, {8, 64}, {8, 64}, {64, 64}}, func(b *op.Builder, in []*G.Node) *G.Node {
		return b.OjaStep(in[0], in[1], in[2], op.Plasticity{Alpha: in[3], Scale: 1})
	}},
	{"TaylorStepQuick", [][]int{{64, 64}, {8, 64}, {8, 64}, {27}, {64, 64}}, func(b *op.Builder, in []*G.Node) *G.Node {
		return b.TaylorStep(in[0], in[1], in[2], nil, in[3], allTerms(2, 0), op.Plasticity{Alpha: in[4], Scale: 1})
	}},
}

// BenchmarkKernel runs each kernel alone, forward, and then every kernel of its derivative.
func BenchmarkKernel(b *testing.B) {
	for _, k := range kernels {
		g := op.New(tensor.Float32)
		in := inputs(b, g, k.name, k.shapes)
		out := k.build(g, in)
		seed := inputs(b, g, k.name+"/gradient", [][]int{out.Shape()})[0]
		first := len(g.Graph().AllNodes())
		// The derivative is added to sums, as it is in an episode.
		g.Pullback(g.Add(g.Mul(out, seed), out), seed, in...)
		nodes := []*G.Node{out}
		done := map[*op.Kernel]bool{}
		for _, n := range g.Graph().AllNodes()[first:] {
			o, ok := n.Op().(*op.Kernel)
			if !ok || done[o] || o.Kind() == "Add" || o.Kind() == "Mul" {
				continue
			}
			for _, m := range o.Group() {
				done[m.Op().(*op.Kernel)] = true
			}
			nodes = append(nodes, n)
		}
		for i, n := range nodes {
			name := k.name
			if i > 0 {
				name = fmt.Sprintf("%s/back/%d-%s", k.name, i, n.Op().(*op.Kernel).Kind())
			}
			b.Run(name, func(b *testing.B) { benchmarkKernel(b, n) })
		}
		if err := g.Err(); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkKernel(b *testing.B, n *G.Node) {
	k := n.Op().(*op.Kernel)
	var in, out [][]float32
	for _, c := range op.Children(n) {
		in = append(in, op.Alloc[float32](c.Shape().TotalSize()))
		for i := range in[len(in)-1] {
			in[len(in)-1][i] = float32(i%13-6) / 8
		}
	}
	out = make([][]float32, k.Results())
	members := k.Group()
	if members == nil {
		members = []*G.Node{n}
	}
	for _, m := range members {
		out[m.Op().(*op.Kernel).Member()] = op.Alloc[float32](m.Shape().TotalSize())
	}
	scratch := op.Alloc[float32](k.Scratch())
	flops := 0.0
	for _, p := range k.Products() {
		flops += p.FLOPs()
	}
	b.ReportAllocs()
	for b.Loop() {
		for p := range k.Pieces() {
			k.Run32(out, in, p, scratch)
		}
	}
	if flops > 0 {
		b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
	}
}
