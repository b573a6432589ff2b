package op

import G "gorgonia.org/gorgonia"

// DenseBack carries a signal backward through a layer's weights, and through the slope of
// the layer below where its activity h is given.
//
//	f' = (f W) ∘ φ′(h)   [N,in]
//
//	f  [N,out]
//	W  [out,in]
//	h  [N,in]   activity of the layer that f' is sent to, or nil
//	φ  of that layer
//
// With z = g ∘ φ′(h): f receives z Wᵀ, W receives fᵀ z, h receives g ∘ (f W) ∘ dφ′/dh, which
// is nothing where φ is not curved. Cost: 2·N·in·out FLOPs. What is curved is gated in a pass
// of its own, since the derivative by h needs f W, which a fused kernel would not keep.
func (b *Builder) DenseBack(f, w, h *G.Node, a Activation) *G.Node {
	phi, ok := b.nonlinearity(a)
	if !ok {
		return nil
	}
	if h == nil || phi.is == straight || phi.curved() || !b.fused {
		z := b.MatMul(f, w, N, N)
		if h != nil {
			return b.gatedBy(z, h, phi)
		}
		return z
	}
	operands := []*G.Node{f, w, h}
	if !b.usable(operands) {
		return nil
	}
	sf, sw, sh := f.Shape(), w.Shape(), h.Shape()
	if sf.Dims() != 2 || sw.Dims() != 2 || sf[1] != sw[0] || sh.Dims() != 2 || sh[0] != sf[0] || sh[1] != sw[1] {
		return b.misfit("DenseBack", "[N,out], [out,in] and [N,in]", operands...)
	}
	p := Product{M: sf[0], N: sw[1], K: sw[0]}
	pieces, size := p.columns()
	return b.node(spec{
		kind:  "DenseBack",
		shape: sh,
		work: &work{
			pieces: pieces,
			f32: func(out, in [][]float32, piece int, _ []float32) {
				denseBackPiece(b, p, phi, out[0], in, piece*size, size)
			},
			f64: func(out, in [][]float64, piece int, _ []float64) {
				denseBackPiece(b, p, phi, out[0], in, piece*size, size)
			},
		},
		products: []Product{p},
		fixed:    []bool{false, false, true},
		pull: func(_, g *G.Node, want []bool, acc []*G.Node) []*G.Node {
			r := make([]*G.Node, 3)
			z := b.gatedBy(g, h, phi)
			if want[1] {
				r[1] = b.addMatMul(acc[1], f, z, T, N, 1)
			}
			if want[0] {
				r[0] = b.addMatMul(acc[0], z, w, N, T, 1)
			}
			return r
		},
	}, operands...)
}

func denseBackPiece[F float](b *Builder, p Product, phi nonlinearity, out []F, in [][]F, from, size int) {
	cols := min(size, p.N-from)
	gemm(b.lib, false, false, p.M, cols, p.K, 1, in[0], p.K, in[1][from:], p.N, 0, out[from:], p.N)
	for i := range p.M {
		o, h := out[i*p.N+from:][:cols], in[2][i*p.N+from:][:cols]
		if phi.is == leaky {
			leakyGate(o, o, h, F(phi.number))
		} else {
			gate(o, o, h)
		}
	}
}
