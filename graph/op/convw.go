package op

import (
	G "gorgonia.org/gorgonia"
)

// convW is what the weights of a convolution receive, added to acc.
//
//	c[o,q,u,v] = Σ_{n,i,j} g[n,o,i,j] x[n,q, i·s+u−pad, j·s+v−pad]
//
//	x  [N,C,H,W]
//	g  [N,O,H',W']
//	c  [O,C,k,k]
//
// x receives convX of what c receives, g the convolution with it. A piece is all examples for
// some channels of the result and some of the images, which needs no partial sums: they are
// added in the order of the examples, whoever runs which piece.
func (b *Builder) convW(v convolution, x, g, acc *G.Node) *G.Node {
	operands := []*G.Node{x, g}
	if acc != nil {
		operands = append(operands, acc)
	}
	p := v.weightPieces()
	s := spec{
		kind: "ConvW", shape: v.weights(),
		work: &work{
			pieces: p.groups * p.ranges, scratch: p.scratch(v, p.channels*v.k*v.k),
			f32: func(out, in [][]float32, piece int, scratch []float32) {
				convWPiece(b, v, p, out[0], in, piece, scratch)
			},
			f64: func(out, in [][]float64, piece int, scratch []float64) {
				convWPiece(b, v, p, out[0], in, piece, scratch)
			},
		},
		grad: func(i int, _, r, sum *G.Node) *G.Node {
			switch i {
			case 0:
				return b.convX(v, g, r, sum)
			case 1:
				return b.sum(sum, b.conv(v, x, r, nil, nonlinearity{}))
			}
			return b.sum(sum, r)
		},
		over: []int{2}[:len(operands)-2],
	}
	for piece := range p.groups * p.ranges {
		_, outs, _, channels := p.piece(v, piece)
		for i := range p.tiles {
			s.products = append(s.products, Product{TB: true, M: outs, N: channels * v.k * v.k, K: p.tile(v, i).columns})
		}
	}
	return b.node(s, operands...)
}

// weightPieces divides the weights [O,C,k,k] by channels of the image, or where it has few,
// by channels of the result. The tiles are the steps of every piece.
type weightPieces struct {
	tiling
	groups, channels int // channels of the image in a piece
	ranges, outs     int // channels of the result in a piece
}

func (v convolution) weightPieces() weightPieces {
	p := weightPieces{groups: 1, channels: v.c, ranges: 1, outs: v.o}
	const most = 4
	pieces := min(most, max(1, int(v.flops()/pieceFLOPs)))
	if v.rows() >= 16*pieces && v.c >= pieces {
		p.channels = (v.c + pieces - 1) / pieces
		p.groups = (v.c + p.channels - 1) / p.channels
	} else {
		p.outs = ((v.o+pieces-1)/pieces + 15) / 16 * 16
		p.ranges = (v.o + p.outs - 1) / p.outs
	}
	p.tiling = v.tiling(p.channels*v.k*v.k, false)
	return p
}

// piece is the ranges of channels of a piece.
func (p weightPieces) piece(v convolution, i int) (out, outs, channel, channels int) {
	out, channel = i/p.groups*p.outs, i%p.groups*p.channels
	return out, min(p.outs, v.o-out), channel, min(p.channels, v.c-channel)
}

func convWPiece[F float](b *Builder, v convolution, p weightPieces, w []F, in [][]F, piece int, scratch []F) {
	out, outs, channel, channels := p.piece(v, piece)
	kk, rows, positions := v.k*v.k, v.rows(), v.positions()
	at := out*rows + channel*kk
	n := channels * kk
	beta := F(0)
	if len(in) == 3 {
		beta = 1
		for o := range outs {
			beginWith(w[at+o*rows:][:n], in[2][at+o*rows:])
		}
	}
	for i := range p.tiles {
		s := p.tile(v, i)
		cols, room, g := parts(p.tiling, v, n, s, scratch)
		unfold(cols, in[0], v, s, channel, channels, room)
		ld := s.columns
		if s.examples > 1 {
			gather(g, in[1], v, s, out, outs)
		} else {
			g, ld = in[1][(s.from*v.o+out)*positions+s.row*v.ow:], positions
		}
		gemm(b.lib, false, true, outs, n, s.columns, 1, g, ld, cols, s.columns, beta, w[at:], rows)
		beta = 1
	}
}
