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
		grad: func(i int, _, g, acc *G.Node) *G.Node {
			if i == 0 {
				return b.sum(acc, g)
			}
			return b.addSumBias(acc, g)
		},
		over: []int{0},
	}, x, v)
}

// SumBias sums over examples and positions.
//
//	c[u] = Σ_{n,…} a[n,u,…]   [units]
//
// a receives TileBias(g). The sum is accumulated in float64.
func (b *Builder) SumBias(x *G.Node) *G.Node { return b.addSumBias(nil, x) }

func (b *Builder) addSumBias(acc, x *G.Node) *G.Node {
	operands := []*G.Node{x}
	if acc != nil {
		operands = append(operands, acc)
	}
	if !b.usable(operands) {
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
		f32:   func(out []float32, in [][]float32) { sumBias(out, in, inner) },
		f64:   func(out []float64, in [][]float64) { sumBias(out, in, inner) },
		grad: func(i int, _, g, sum *G.Node) *G.Node {
			if i == 1 {
				return b.sum(sum, g)
			}
			return b.sum(sum, b.TileBias(g, s))
		},
		over: []int{1}[:len(operands)-1],
	}, operands...)
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
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.addSumBias(acc, g) },
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

func sumBias[F float](out []F, in [][]F, inner int) {
	x := in[0]
	if inner == 1 {
		sumColumns(out, in)
		return
	}
	rows := len(x) / (len(out) * inner)
	for u := range out {
		var s float64
		for n := range rows {
			at := (n*len(out) + u) * inner
			for _, v := range x[at : at+inner] {
				s += float64(v)
			}
		}
		if len(in) == 2 {
			s += float64(in[1][u])
		}
		out[u] = F(s)
	}
}

// sumColumns goes through the rows, eight columns at a time.
func sumColumns[F float](out []F, in [][]F) {
	x, n := in[0], len(out)
	u := 0
	for ; u+8 <= n; u += 8 {
		var s0, s1, s2, s3, s4, s5, s6, s7 float64
		for i := u; i < len(x); i += n {
			r := x[i : i+8 : i+8]
			s0 += float64(r[0])
			s1 += float64(r[1])
			s2 += float64(r[2])
			s3 += float64(r[3])
			s4 += float64(r[4])
			s5 += float64(r[5])
			s6 += float64(r[6])
			s7 += float64(r[7])
		}
		for j, s := range [...]float64{s0, s1, s2, s3, s4, s5, s6, s7} {
			if len(in) == 2 {
				s += float64(in[1][u+j])
			}
			out[u+j] = F(s)
		}
	}
	for ; u < n; u++ {
		var s float64
		for i := u; i < len(x); i += n {
			s += float64(x[i])
		}
		if len(in) == 2 {
			s += float64(in[1][u])
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
