package op_test

import (
	G "gorgonia.org/gorgonia"
	"pgregory.net/rapid"

	"metaplast/graph/op"
)

func init() {
	layer := func(stride, pad int, a op.Activation) func(b *op.Builder, in []*G.Node) *G.Node {
		return func(b *op.Builder, in []*G.Node) *G.Node {
			return b.ConvLayer(in[0], in[1], in[2], stride, pad, a)
		}
	}
	opCases = append(opCases,
		opCase{name: "ConvLayer", shapes: [][]int{{2, 2, 5, 6}, {3, 2, 3, 3}, {3}}, build: layer(2, 1, op.Relu)},
		opCase{name: "ConvLayerLinear", shapes: [][]int{{1, 1, 4, 3}, {2, 1, 2, 2}, {2}}, build: layer(1, 1, op.Linear)},
		opCase{name: "ConvLayerPoint", shapes: [][]int{{2, 3, 2, 2}, {2, 3, 1, 1}, {2}}, build: layer(1, 0, op.Relu)},
		opCase{name: "ConvLayerTwice", shapes: [][]int{{2, 2, 4, 4}, {2, 2, 3, 3}, {2}}, build: func(b *op.Builder, in []*G.Node) *G.Node {
			return b.ConvLayer(b.ConvLayer(in[0], in[1], in[2], 1, 1, op.Relu), in[1], in[2], 2, 1, op.Relu)
		}},
		opCase{name: "ConvBack", shapes: [][]int{{2, 3, 2, 2}, {3, 2, 3, 3}}, build: func(b *op.Builder, in []*G.Node) *G.Node {
			return b.ConvBack(in[0], in[1], b.Ones(in[0], 2, 2, 5, 6), 2, 0)
		}},
		opCase{name: "Patches", shapes: [][]int{{2, 2, 5, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Patches(in[0], 3, 2, 1) }},
		opCase{name: "PatchesPoint", shapes: [][]int{{2, 2, 3, 2}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Patches(in[0], 1, 1, 0) }},
		opCase{name: "PatchesMany", shapes: [][]int{{1, 2, 4, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node {
			return b.Mul(b.Patches(in[0], 2, 1, 0), b.Patches(in[0], 2, 1, 0)) // the second is added to the first
		}},
		opCase{name: "Positions", shapes: [][]int{{2, 3, 2, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Positions(in[0]) }},
		opCase{name: "Images", shapes: [][]int{{12, 3}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Images(in[0], 3, 2) }},
		opCase{name: "EveryPosition", shapes: [][]int{{2, 3}}, build: func(b *op.Builder, in []*G.Node) *G.Node {
			return b.EveryPosition(in[0], b.Ones(in[0], 2, 3, 2, 2))
		}},
	)
	fusedOps = append(fusedOps, fusedOp{"ConvLayer", "ConvLayer", 160, drawConv})
}

// drawConv draws a layer of a network, with a few examples or many.
func drawConv(r *rapid.T, big bool) fused {
	z := drawImages(r, big)
	phi := activation(r)
	return fused{shapes: [][]int{{z.n, z.c, z.h, z.w}, {z.o, z.c, z.k, z.k}, {z.o}}, build: func(b *op.Builder, x []*G.Node) *G.Node {
		return b.ConvLayer(x[0], x[1], x[2], z.stride, z.pad, phi)
	}}
}

// images are the shapes of a convolution.
type images struct{ n, c, h, w, o, k, stride, pad int }

func (z images) outputs() (h, w int) {
	return (z.h+2*z.pad-z.k)/z.stride + 1, (z.w+2*z.pad-z.k)/z.stride + 1
}

func drawImages(r *rapid.T, big bool) images {
	z := images{k: rapid.IntRange(1, 5).Draw(r, "k"), stride: rapid.IntRange(1, 4).Draw(r, "stride")}
	z.pad = rapid.IntRange(0, z.k-1).Draw(r, "pad")
	least := max(1, z.k-2*z.pad)
	z.h, z.w = rapid.IntRange(least, least+9).Draw(r, "h"), rapid.IntRange(least, least+20).Draw(r, "w")
	z.n, z.c, z.o = examples(r), rapid.IntRange(1, 5).Draw(r, "C"), rapid.IntRange(1, 9).Draw(r, "O")
	switch {
	case big && rapid.Bool().Draw(r, "large images"): // strips of an image
		z = images{n: 2, c: rapid.IntRange(1, 40).Draw(r, "C"), h: 54, w: 50, o: 24, k: 3, stride: 1, pad: 1}
	case big: // many examples side by side
		z = images{n: rapid.IntRange(60, 130).Draw(r, "N"), c: rapid.IntRange(30, 40).Draw(r, "C"), h: 9, w: 7, o: 33, k: 3, stride: 2, pad: 1}
	case rapid.IntRange(0, 3).Draw(r, "many") == 0:
		z.n = rapid.IntRange(10, 300).Draw(r, "N")
	}
	return z
}
