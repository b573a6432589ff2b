package op

import G "gorgonia.org/gorgonia"

// ColScale multiplies each column of a matrix by a number of its own.
//
//	c = A diag(v)
//
//	A  [N,m]
//	v  [m]
//
// A receives ColScale(g, v), v receives ColDot(g, A).
func (b *Builder) ColScale(x, v *G.Node) *G.Node { return b.addColScaled(nil, x, v, 1) }

// AddColScaled adds a multiple of such a product to an array.
//
//	c = a + s A diag(v),   s a constant, a [N,m]
func (b *Builder) AddColScaled(a, x, v *G.Node, s float64) *G.Node {
	if !b.usable([]*G.Node{a}) {
		return nil
	}
	return b.addColScaled(a, x, v, s)
}

func (b *Builder) addColScaled(acc, x, v *G.Node, scale float64) *G.Node {
	operands := []*G.Node{x, v}
	if acc != nil {
		operands = append(operands, acc)
	}
	if !b.usable(operands) {
		return nil
	}
	s := x.Shape()
	if s.Dims() != 2 || v.Shape().Dims() != 1 || v.Shape()[0] != s[1] || acc != nil && !same(acc.Shape(), s) {
		return b.misfit("ColScale", "[N,m] and [m]", operands...)
	}
	return b.node(spec{
		kind:  "ColScale",
		shape: s,
		f32:   func(out []float32, in [][]float32) { colScale(out, in, float32(scale)) },
		f64:   func(out []float64, in [][]float64) { colScale(out, in, scale) },
		grad: func(i int, _, g, sum *G.Node) *G.Node {
			switch i {
			case 0:
				return b.addColScaled(sum, g, v, scale)
			case 1:
				return b.addScaled(sum, b.ColDot(g, x), scale)
			}
			return b.sum(sum, g)
		},
		over: []int{0, 2}[:len(operands)-1],
	}, operands...)
}

func colScale[F float](out []F, in [][]F, s F) {
	x, v := in[0], in[1]
	n := len(v)
	for i := 0; i < len(out); i += n {
		o, x := out[i:i+n], x[i:i+n]
		if len(in) == 2 {
			for j, f := range v {
				o[j] = s * f * x[j]
			}
			continue
		}
		a := in[2][i : i+n]
		for j, f := range v {
			o[j] = a[j] + s*f*x[j]
		}
	}
}
