package op

import (
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// cheapFanIn is the number of inputs up to which a layer's result is computed again rather
// than kept for the reverse pass, as feedback from a single output is: not where φ takes an
// exponential for each unit.
const cheapFanIn = 4

// Dense is a layer of units.
//
//	h' = φ(h Wᵀ + b)   [N,out]
//
//	h  [N,in]
//	W  [out,in]
//	b  [out]
//	φ  relu or another Activation
//
// With z = g ∘ φ′: h receives z W, W receives zᵀ h, b receives the sum of z over examples.
// Cost: 2·N·in·out FLOPs.
func (b *Builder) Dense(h, w, bias *G.Node, a Activation) *G.Node {
	operands := []*G.Node{h, w, bias}
	phi, ok := b.nonlinearity(a)
	if !b.usable(operands) || !ok {
		return nil
	}
	sh, sw := h.Shape(), w.Shape()
	if sh.Dims() != 2 || sw.Dims() != 2 || sh[1] != sw[1] || !same(bias.Shape(), tensor.Shape{sw[0]}) {
		return b.misfit("Dense", "[N,in], [out,in] and [out]", operands...)
	}
	if !b.fused {
		return b.activated(b.AddBias(b.MatMul(h, w, N, T), bias), phi)
	}
	p := Product{TB: true, M: sh[0], N: sw[0], K: sw[1]}
	pieces, size := p.columns()
	return b.node(spec{
		kind:  "Dense",
		shape: tensor.Shape{p.M, p.N},
		work: &work{
			pieces: pieces,
			f32: func(out, in [][]float32, piece int, _ []float32) {
				densePiece(b, p, phi, out[0], in, piece*size, size)
			},
			f64: func(out, in [][]float64, piece int, _ []float64) {
				densePiece(b, p, phi, out[0], in, piece*size, size)
			},
		},
		products: []Product{p},
		cheap:    p.K <= cheapFanIn && !phi.curved(),
		pull: func(out, g *G.Node, want []bool, acc []*G.Node) []*G.Node {
			r := make([]*G.Node, 3)
			g = b.gatedBy(g, out, phi)
			if want[2] {
				r[2] = b.addSumBias(acc[2], g)
			}
			if want[1] {
				r[1] = b.addMatMul(acc[1], g, h, T, N, 1)
			}
			if want[0] {
				r[0] = b.addMatMul(acc[0], g, w, N, N, 1)
			}
			return r
		},
	}, operands...)
}

// columns is split by columns of the result, whatever its shape.
func (p Product) columns() (pieces, size int) {
	pieces = min(max(int(p.FLOPs()/pieceFLOPs), 1), (p.N+63)/64)
	size = (p.N + pieces - 1) / pieces
	size = (size + 15) / 16 * 16
	return (p.N + size - 1) / size, size
}

func densePiece[F float](b *Builder, p Product, phi nonlinearity, out []F, in [][]F, from, size int) {
	cols := min(size, p.N-from)
	bias := in[2][from:][:cols]
	if p.K <= cheapFanIn {
		denseOfFewInputs(p, out, in[0], in[1][from*p.K:], bias, from, phi)
		return
	}
	gemm(b.lib, false, true, p.M, cols, p.K, 1, in[0], p.K, in[1][from*p.K:], p.K, 0, out[from:], p.N)
	for i := range p.M {
		biasAndActivation(out[i*p.N+from:][:cols], bias, phi)
	}
}

// denseOfFewInputs is a layer with few inputs, for which a matrix product would be all overhead.
func denseOfFewInputs[F float](p Product, out, h, w, bias []F, from int, phi nonlinearity) {
	for i := range p.M {
		o, h := out[i*p.N+from:][:len(bias)], h[i*p.K:][:p.K]
		if p.K == 1 {
			if phi.is == straight {
				addScaled(o, bias, w, h[0])
				continue
			}
			scale(o, w, h[0])
		} else {
			for j := range o {
				var s F
				for k, v := range w[j*p.K:][:len(h)] {
					s += h[k] * v
				}
				o[j] = s
			}
		}
		biasAndActivation(o, bias, phi)
	}
}

// biasAndActivation adds the bias and applies φ.
func biasAndActivation[F float](o, bias []F, phi nonlinearity) {
	if phi.is != rectified {
		addScaled(o, o, bias, 1)
		if phi.is != straight { // while the row is in the cache
			activate(phi, o, o)
		}
		return
	}
	switch o := any(o).(type) {
	case []float32:
		bias := any(bias).([]float32)[:len(o)]
		for j := biasReluFast(o, bias); j < len(o); j++ {
			u := math.Float32bits(o[j] + bias[j])
			if u-sign32 <= inf32 {
				u = 0
			}
			o[j] = math.Float32frombits(u)
		}
	case []float64:
		bias := any(bias).([]float64)[:len(o)]
		for j, v := range o {
			u := math.Float64bits(v + bias[j])
			if u-sign64 <= inf64 {
				u = 0
			}
			o[j] = math.Float64frombits(u)
		}
	}
}
