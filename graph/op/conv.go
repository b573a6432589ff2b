package op

import (
	"fmt"

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
// differentiation. Each example is unfolded (im2col) and multiplied.
// Cost: 2·N·O·C·k²·H'·W' FLOPs.
func (b *Builder) Conv(x, w *G.Node, stride, pad int) *G.Node {
	if !b.usable([]*G.Node{x, w}) {
		return nil
	}
	c, err := newConvolution(x.Shape(), w.Shape(), stride, pad)
	if err != "" {
		return b.misfit("Conv", err, x, w)
	}
	return b.conv(c, x, w)
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
	return v, ""
}

func (v convolution) in() tensor.Shape      { return tensor.Shape{v.n, v.c, v.h, v.w} }
func (v convolution) out() tensor.Shape     { return tensor.Shape{v.n, v.o, v.oh, v.ow} }
func (v convolution) weights() tensor.Shape { return tensor.Shape{v.o, v.c, v.k, v.k} }

// rows and positions are the extents of the unfolded image [C·k·k, H'·W'].
func (v convolution) rows() int      { return v.c * v.k * v.k }
func (v convolution) positions() int { return v.oh * v.ow }

// conv: x [N,C,H,W], w [O,C,k,k] → [N,O,H',W'].
func (b *Builder) conv(v convolution, x, w *G.Node) *G.Node {
	return b.node(spec{
		kind: "Conv", shape: v.out(),
		work: &work{
			pieces: v.n, scratch: v.rows() * v.positions(),
			f32: func(out, in [][]float32, n int, cols []float32) { convPiece(b, v, n, out[0], in, cols) },
			f64: func(out, in [][]float64, n int, cols []float64) { convPiece(b, v, n, out[0], in, cols) },
		},
		products: v.products(Product{M: v.o, N: v.positions(), K: v.rows()}),
		grad: func(i int, _, g, acc *G.Node) *G.Node {
			if i == 0 {
				return b.sum(acc, b.convX(v, g, w))
			}
			return b.convW(v, x, g, acc)
		},
	}, x, w)
}

// convX: g [N,O,H',W'], w [O,C,k,k] → what x receives [N,C,H,W].
func (b *Builder) convX(v convolution, g, w *G.Node) *G.Node {
	return b.node(spec{
		kind: "ConvX", shape: v.in(),
		work: &work{
			pieces: v.n, scratch: v.rows() * v.positions(),
			f32: func(out, in [][]float32, n int, cols []float32) { convXPiece(b, v, n, out[0], in, cols) },
			f64: func(out, in [][]float64, n int, cols []float64) { convXPiece(b, v, n, out[0], in, cols) },
		},
		products: v.products(Product{TA: true, M: v.rows(), N: v.positions(), K: v.o}),
		grad: func(i int, _, r, acc *G.Node) *G.Node {
			if i == 0 {
				return b.sum(acc, b.conv(v, r, w))
			}
			return b.convW(v, r, g, acc)
		},
	}, g, w)
}

// convW: x [N,C,H,W], g [N,O,H',W'] → what W receives [O,C,k,k], added to acc.
func (b *Builder) convW(v convolution, x, g, acc *G.Node) *G.Node {
	operands := []*G.Node{x, g}
	if acc != nil {
		operands = append(operands, acc)
	}
	return b.node(spec{
		kind: "ConvW", shape: v.weights(),
		work: &work{
			pieces: 1, scratch: v.rows() * v.positions(),
			f32: func(out, in [][]float32, _ int, cols []float32) { convWPiece(b, v, out[0], in, cols) },
			f64: func(out, in [][]float64, _ int, cols []float64) { convWPiece(b, v, out[0], in, cols) },
		},
		products: v.products(Product{TB: true, M: v.o, N: v.rows(), K: v.positions()}),
		grad: func(i int, _, r, sum *G.Node) *G.Node {
			switch i {
			case 0:
				return b.sum(sum, b.convX(v, g, r))
			case 1:
				return b.sum(sum, b.conv(v, x, r))
			}
			return b.sum(sum, r)
		},
		over: []int{2}[:len(operands)-2],
	}, operands...)
}

// products is one product for each example.
func (v convolution) products(p Product) []Product {
	all := make([]Product, v.n)
	for i := range all {
		all[i] = p
	}
	return all
}

func convPiece[F float](b *Builder, v convolution, n int, out []F, in [][]F, cols []F) {
	rows, positions := v.rows(), v.positions()
	im2col(cols, in[0][n*v.c*v.h*v.w:], v)
	gemm(b.lib, false, false, v.o, positions, rows, 1, in[1], rows, cols, positions, 0, out[n*v.o*positions:], positions)
}

func convXPiece[F float](b *Builder, v convolution, n int, out []F, in [][]F, cols []F) {
	rows, positions, image := v.rows(), v.positions(), v.c*v.h*v.w
	gemm(b.lib, true, false, rows, positions, v.o, 1, in[1], rows, in[0][n*v.o*positions:], positions, 0, cols, positions)
	x := out[n*image:][:image]
	clear(x)
	col2im(x, cols, v)
}

func convWPiece[F float](b *Builder, v convolution, out []F, in [][]F, cols []F) {
	rows, positions := v.rows(), v.positions()
	beta := F(0)
	if len(in) == 3 {
		keep(out, in[2])
		beta = 1
	}
	for n := range v.n {
		im2col(cols, in[0][n*v.c*v.h*v.w:], v)
		gemm(b.lib, false, true, v.o, rows, positions, 1, in[1][n*v.o*positions:], positions, cols, positions, beta, out, rows)
		beta = 1
	}
}

// im2col unfolds one example: cols[(q,u,v),(i,j)] = x[q, i·s+u−pad, j·s+v−pad].
func im2col[F float](cols, x []F, v convolution) {
	at := 0
	v.each(func(plane, y, xx int, inside bool) {
		if inside {
			cols[at] = x[(plane*v.h+y)*v.w+xx]
		} else {
			cols[at] = 0
		}
		at++
	})
}

// col2im is the transpose of im2col: it adds each entry to the pixel that it was read from.
func col2im[F float](x, cols []F, v convolution) {
	at := 0
	v.each(func(plane, y, xx int, inside bool) {
		if inside {
			x[(plane*v.h+y)*v.w+xx] += cols[at]
		}
		at++
	})
}

// each visits the entries of the unfolded image in order, with the pixel each is read from.
func (v convolution) each(visit func(plane, y, x int, inside bool)) {
	for q := range v.c {
		for u := range v.k {
			for w := range v.k {
				for i := range v.oh {
					y := i*v.stride + u - v.pad
					for j := range v.ow {
						x := j*v.stride + w - v.pad
						visit(q, y, x, y >= 0 && y < v.h && x >= 0 && x < v.w)
					}
				}
			}
		}
	}
}
