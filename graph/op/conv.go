package op

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Conv is a two-dimensional cross-correlation with square kernels and zero padding.
//
//	c[n,o,i,j] = Σ_{q,u,v} x[n,q, i·s+u−pad, j·s+v−pad] W[o,q,u,v]
//
//	x  [N,C,H,W]
//	W  [O,C,k,k]
//	c  [N,O,H',W'],  H' = (H + 2 pad − k)/s + 1 rounded down, W' likewise
//
// The sum is bilinear in x and W, so that its three forms — this one, the one that returns
// what x receives and the one that returns what W receives — are closed under
// differentiation. Images are unfolded (im2col) a tile at a time and multiplied.
// Cost: 2·N·O·C·k²·H'·W' FLOPs.
//
// Source: Chellapilla, Puri & Simard, High performance convolutional neural networks for
// document processing, 2006, for the product of unfolded images.
func (b *Builder) Conv(x, w *G.Node, stride, pad int) *G.Node {
	if !b.usable([]*G.Node{x, w}) {
		return nil
	}
	c, err := newConvolution(x.Shape(), w.Shape(), stride, pad)
	if err != "" {
		return b.misfit("Conv", err, x, w)
	}
	return b.conv(c, x, w, nil, nonlinearity{})
}

// ConvLayer is a layer of channels.
//
//	h' = φ(Conv(h, W) + b)   [N,O,H',W']
//
//	h  [N,C,H,W]
//	W  [O,C,k,k]
//	b  [O]
//	φ  relu or another Activation
//
// With z = g ∘ φ′: h and W receive what Conv gives them for z, b receives the sum of z over
// examples and positions. Cost: that of Conv.
func (b *Builder) ConvLayer(h, w, bias *G.Node, stride, pad int, a Activation) *G.Node {
	operands := []*G.Node{h, w, bias}
	phi, ok := b.nonlinearity(a)
	if !b.usable(operands) || !ok {
		return nil
	}
	c, err := newConvolution(h.Shape(), w.Shape(), stride, pad)
	if err != "" {
		return b.misfit("ConvLayer", err, operands...)
	}
	if !same(bias.Shape(), tensor.Shape{c.o}) {
		return b.misfit("ConvLayer", "a bias [O]", operands...)
	}
	if b.fused {
		return b.conv(c, h, w, bias, phi)
	}
	return b.activated(b.AddBias(b.conv(c, h, w, nil, nonlinearity{}), bias), phi)
}

// ConvOutput is the shape [O,H',W'] of one example after Conv, or an error.
func ConvOutput(c, h, w, out, kernel, stride, pad int) ([]int, error) {
	v, err := newConvolution(tensor.Shape{1, c, h, w}, tensor.Shape{out, c, kernel, kernel}, stride, pad)
	if err != "" {
		return nil, fmt.Errorf("convolution of %dx%dx%d with %dx%d kernels, stride %d, pad %d: want %s", c, h, w, kernel, kernel, stride, pad, err)
	}
	return []int{out, v.oh, v.ow}, nil
}

// convolution is the geometry that the three forms share.
type convolution struct {
	n, c, h, w, o, k, stride, pad, oh, ow int

	table []int32 // for small images, see tabulate
}

func newConvolution(x, w tensor.Shape, stride, pad int) (convolution, string) {
	if len(x) != 4 || len(w) != 4 || x[1] != w[1] || w[2] != w[3] {
		return convolution{}, "[N,C,H,W] and [O,C,k,k]"
	}
	v := convolution{n: x[0], c: x[1], h: x[2], w: x[3], o: w[0], k: w[2], stride: stride, pad: pad}
	if stride < 1 || pad < 0 || pad >= v.k {
		return v, "a stride of at least 1 and a padding from 0 to less than the kernel"
	}
	if v.h+2*pad < v.k || v.w+2*pad < v.k {
		return v, "an image, with its padding, no smaller than the kernel"
	}
	v.oh, v.ow = (v.h+2*pad-v.k)/stride+1, (v.w+2*pad-v.k)/stride+1
	v.tabulate()
	return v, ""
}

func (v convolution) in() tensor.Shape      { return tensor.Shape{v.n, v.c, v.h, v.w} }
func (v convolution) out() tensor.Shape     { return tensor.Shape{v.n, v.o, v.oh, v.ow} }
func (v convolution) weights() tensor.Shape { return tensor.Shape{v.o, v.c, v.k, v.k} }

// rows and positions are the extents of the unfolded image [C·k·k, H'·W'].
func (v convolution) rows() int      { return v.c * v.k * v.k }
func (v convolution) positions() int { return v.oh * v.ow }

func (v convolution) flops() float64 {
	return Product{M: v.o, N: v.n * v.positions(), K: v.rows()}.FLOPs()
}

// conv: x [N,C,H,W], w [O,C,k,k], bias [O] or nil → [N,O,H',W']. A piece is a tile.
func (b *Builder) conv(v convolution, x, w, bias *G.Node, phi nonlinearity) *G.Node {
	t := v.tiling(v.rows(), false)
	s := spec{
		kind: "Conv", shape: v.out(),
		work: &work{
			pieces: t.tiles, scratch: t.scratch(v, v.rows()),
			f32: func(out, in [][]float32, piece int, scratch []float32) {
				convPiece(b, v, t, phi, out[0], in, piece, scratch)
			},
			f64: func(out, in [][]float64, piece int, scratch []float64) {
				convPiece(b, v, t, phi, out[0], in, piece, scratch)
			},
		},
		pull: func(out, g *G.Node, want []bool, acc []*G.Node) []*G.Node {
			r := make([]*G.Node, len(want))
			g = b.gatedBy(g, out, phi)
			if bias != nil && want[2] {
				r[2] = b.addSumBias(acc[2], g)
			}
			if want[1] {
				r[1] = b.convW(v, x, g, acc[1])
			}
			if want[0] {
				r[0] = b.convX(v, g, w, acc[0])
			}
			return r
		},
	}
	for i := range t.tiles {
		s.products = append(s.products, Product{M: v.o, N: t.tile(v, i).columns, K: v.rows()})
	}
	if bias == nil {
		return b.node(s, x, w)
	}
	s.kind = "ConvLayer"
	return b.node(s, x, w, bias)
}

// convPiece computes one tile of the result, the bias added and φ applied while it is in the
// cache.
func convPiece[F float](b *Builder, v convolution, t tiling, phi nonlinearity, out []F, in [][]F, piece int, scratch []F) {
	s, rows, positions := t.tile(v, piece), v.rows(), v.positions()
	cols, room, z := parts(t, v, rows, s, scratch)
	unfold(cols, in[0], v, s, 0, v.c, room)
	part := s.rows * v.ow
	if s.examples == 1 {
		o := out[s.from*v.o*positions+s.row*v.ow:]
		gemm(b.lib, false, false, v.o, s.columns, rows, 1, in[1], rows, cols, s.columns, 0, o, positions)
		if len(in) == 3 {
			for c, bias := range in[2] {
				finishChannel(o[c*positions:][:part], o[c*positions:], bias, phi)
			}
		}
		return
	}
	gemm(b.lib, false, false, v.o, s.columns, rows, 1, in[1], rows, cols, s.columns, 0, z, s.columns)
	for e := range s.examples {
		for c := range v.o {
			o, z := out[((s.from+e)*v.o+c)*positions:][:part], z[c*s.columns+e*part:][:part]
			if len(in) == 3 {
				finishChannel(o, z, in[2][c], phi)
			} else {
				copy(o, z)
			}
		}
	}
}

// finishChannel is φ(z + b) for positions of one channel.
func finishChannel[F float](o, z []F, bias F, phi nonlinearity) {
	z = z[:len(o)]
	if phi.is != rectified {
		for j, v := range z {
			o[j] = v + bias
		}
		if phi.is != straight { // while the channel is in the cache
			activate(phi, o, o)
		}
		return
	}
	switch o := any(o).(type) {
	case []float32:
		bias := float32(bias)
		for j, v := range any(z).([]float32)[:len(o)] {
			u := math.Float32bits(v + bias)
			if u-sign32 <= inf32 {
				u = 0
			}
			o[j] = math.Float32frombits(u)
		}
	case []float64:
		bias := float64(bias)
		for j, v := range any(z).([]float64)[:len(o)] {
			u := math.Float64bits(v + bias)
			if u-sign64 <= inf64 {
				u = 0
			}
			o[j] = math.Float64frombits(u)
		}
	}
}
