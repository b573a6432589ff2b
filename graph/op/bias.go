package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// AddBias adds a number per unit or channel to every example (and every position).
//
//	c[n,u,…] = a[n,u,…] + v[u]
//
//	a  [N,units] or [N,channels,H,W]
//	v  [units]
//
// a receives g, v receives SumBias(g).
func (b *Builder) AddBias(x, v *G.Node) *G.Node {
	if !b.usable([]*G.Node{x, v}) {
		return nil
	}
	s := x.Shape()
	if s.Dims() < 2 || v.Shape().Dims() != 1 || v.Shape()[0] != s[1] {
		return b.misfit("AddBias", "[N,units,…] and [units]", x, v)
	}
	u, inner := s[1], s[2:].TotalSize()
	return b.node(spec{
		kind:  "AddBias",
		shape: s,
		f32:   func(out []float32, in [][]float32) { addBias(out, in[0], in[1], u, inner) },
		f64:   func(out []float64, in [][]float64) { addBias(out, in[0], in[1], u, inner) },
		grad: func(i int, _, g *G.Node) *G.Node {
			if i == 0 {
				return g
			}
			return b.SumBias(g)
		},
	}, x, v)
}

// SumBias sums over examples and positions.
//
//	c[u] = Σ_{n,…} a[n,u,…]   [units]
//
// a receives TileBias(g). The sum is accumulated in float64.
func (b *Builder) SumBias(x *G.Node) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	s := x.Shape()
	if s.Dims() < 2 {
		return b.misfit("SumBias", "[N,units,…]", x)
	}
	u, inner := s[1], s[2:].TotalSize()
	return b.node(spec{
		kind:  "SumBias",
		shape: tensor.Shape{u},
		f32:   func(out []float32, in [][]float32) { sumBias(out, in[0], inner) },
		f64:   func(out []float64, in [][]float64) { sumBias(out, in[0], inner) },
		grad:  func(_ int, _, g *G.Node) *G.Node { return b.TileBias(g, s) },
	}, x)
}

// TileBias repeats a number per unit for every example and position of an array of the
// given shape.
//
//	c[n,u,…] = v[u]
//
// v receives SumBias(g).
func (b *Builder) TileBias(v *G.Node, shape tensor.Shape) *G.Node {
	if !b.usable([]*G.Node{v}) {
		return nil
	}
	if shape.Dims() < 2 || v.Shape().Dims() != 1 || v.Shape()[0] != shape[1] {
		return b.misfit("TileBias", "[units] and a shape [N,units,…]", v)
	}
	u, inner := shape[1], shape[2:].TotalSize()
	return b.node(spec{
		kind:  "TileBias",
		shape: clone(shape),
		f32:   func(out []float32, in [][]float32) { tileBias(out, in[0], u, inner) },
		f64:   func(out []float64, in [][]float64) { tileBias(out, in[0], u, inner) },
		grad:  func(_ int, _, g *G.Node) *G.Node { return b.SumBias(g) },
	}, v)
}

func addBias[F float](out, x, v []F, u, inner int) {
	for i := 0; i < len(out); {
		for _, bias := range v[:u] {
			for range inner {
				out[i] = x[i] + bias
				i++
			}
		}
	}
}

func sumBias[F float](out, x []F, inner int) {
	rows := len(x) / (len(out) * inner)
	for u := range out {
		var s float64
		for n := range rows {
			at := (n*len(out) + u) * inner
			for _, v := range x[at : at+inner] {
				s += float64(v)
			}
		}
		out[u] = F(s)
	}
}

func tileBias[F float](out, v []F, u, inner int) {
	for i := 0; i < len(out); {
		for _, bias := range v[:u] {
			for range inner {
				out[i] = bias
				i++
			}
		}
	}
}
