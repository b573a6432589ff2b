package op

import (
	G "gorgonia.org/gorgonia"
)

// ConvBack carries a signal backward through the weights of a convolution: the transposed
// convolution, for a layer of channels what DenseBack is for a dense one.
//
//	c[n,q,y,x] = Σ f[n,o,i,j] W[o,q,u,v]   over  i·s+u−pad = y,  j·s+v−pad = x
//
//	f     [N,O,H',W']
//	W     [O,C,k,k]
//	like  [N,C,H,W]  what the convolution was of; its values are not read
//	c     [N,C,H,W]
//
// Several sizes of image can have a result of one size, so that like has to tell.
// f receives Conv(g, W), W what a convolution of g gives its weights for f.
// Cost: 2·N·O·C·k²·H'·W' FLOPs.
func (b *Builder) ConvBack(f, w, like *G.Node, stride, pad int) *G.Node {
	if !b.usable([]*G.Node{f, w, like}) {
		return nil
	}
	v, err := newConvolution(like.Shape(), w.Shape(), stride, pad)
	if err != "" {
		return b.misfit("ConvBack", err, f, w, like)
	}
	if !same(f.Shape(), v.out()) {
		return b.misfit("ConvBack", "a signal of the shape of the convolution's result", f, w, like)
	}
	return b.convX(v, f, w, nil)
}

// convX is what the images of a convolution receive, added to acc: the transposed
// convolution.
//
//	c[n,q,y,x] = Σ g[n,o,i,j] W[o,q,u,v]   over  i·s+u−pad = y,  j·s+v−pad = x
//
//	g  [N,O,H',W']
//	W  [O,C,k,k]
//	c  [N,C,H,W]
//
// g receives the convolution of what c receives, W receives convW of it. A piece is some
// examples and some channels: Wᵀ g is folded into them (col2im).
func (b *Builder) convX(v convolution, g, w, acc *G.Node) *G.Node {
	operands := []*G.Node{g, w}
	if acc != nil {
		operands = append(operands, acc)
	}
	t := v.tiling(v.rows(), true)
	// Channels in a piece.
	kk := v.k * v.k
	groups := max((v.rows()*t.columns(v)+tileElements-1)/tileElements, min(4, int(v.flops()/pieceFLOPs)/t.tiles))
	channels := (v.c + groups - 1) / groups
	groups = (v.c + channels - 1) / channels
	s := spec{
		kind: "ConvX", shape: v.in(),
		work: &work{
			pieces: t.tiles * groups, scratch: t.scratch(v, channels*kk),
			f32: func(out, in [][]float32, piece int, scratch []float32) {
				convXPiece(b, v, t, channels, out[0], in, piece, scratch)
			},
			f64: func(out, in [][]float64, piece int, scratch []float64) {
				convXPiece(b, v, t, channels, out[0], in, piece, scratch)
			},
		},
		grad: func(i int, _, r, sum *G.Node) *G.Node {
			switch i {
			case 0:
				return b.sum(sum, b.conv(v, r, w, nil, nonlinearity{}))
			case 1:
				return b.convW(v, r, g, sum)
			}
			return b.sum(sum, r)
		},
		over: []int{2}[:len(operands)-2],
	}
	for i := range t.tiles {
		for q := 0; q < v.c; q += channels {
			s.products = append(s.products, Product{TA: true, M: min(channels, v.c-q) * kk, N: t.tile(v, i).columns, K: v.o})
		}
	}
	return b.node(s, operands...)
}

func convXPiece[F float](b *Builder, v convolution, t tiling, channels int, out []F, in [][]F, piece int, scratch []F) {
	groups := (v.c + channels - 1) / channels
	s := t.tile(v, piece/groups)
	channel := piece % groups * channels
	kk, plane, positions := v.k*v.k, v.h*v.w, v.positions()
	n := min(channels, v.c-channel)
	cols, room, g := parts(t, v, n*kk, s, scratch)
	if s.examples > 1 {
		gather(g, in[0], v, s, 0, v.o)
	} else {
		g = in[0][s.from*v.o*positions:]
	}
	gemm(b.lib, true, false, n*kk, s.columns, v.o, 1, in[1][channel*kk:], v.rows(), g, s.columns, 0, cols, s.columns)
	for e := range s.examples {
		at := ((s.from+e)*v.c + channel) * plane
		x := out[at:][:n*plane]
		if len(in) == 3 {
			beginWith(x, in[2][at:])
		} else {
			clear(x)
		}
		fold(x, cols[e*positions:], s.columns, v, room)
	}
}
