package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Scale multiplies an array by a constant.
//
//	c = s a
//
// a receives s g.
func (b *Builder) Scale(x *G.Node, s float64) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	if s == 1 {
		return x
	}
	return b.node(spec{
		kind:  "Scale",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { scale(out, in[0], float32(s)) },
		f64:   func(out []float64, in [][]float64) { scale(out, in[0], s) },
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.addScaled(acc, g, s) },
		over:  []int{0},
	}, x)
}

// ScaleBy multiplies an array by a number that is a node itself.
//
//	c = s a,   s [1]
//
// a receives s g, s receives ⟨g, a⟩.
func (b *Builder) ScaleBy(x, s *G.Node) *G.Node {
	if !b.usable([]*G.Node{x, s}) {
		return nil
	}
	if !same(s.Shape(), tensor.Shape{1}) {
		return b.misfit("ScaleBy", "an array and a [1]", x, s)
	}
	return b.node(spec{
		kind:  "ScaleBy",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { scale(out, in[0], in[1][0]) },
		f64:   func(out []float64, in [][]float64) { scale(out, in[0], in[1][0]) },
		grad: func(i int, _, g, acc *G.Node) *G.Node {
			if i == 0 {
				return b.sum(acc, b.ScaleBy(g, s))
			}
			return b.sum(acc, b.Dot(g, x))
		},
		over: []int{0},
	}, x, s)
}

// addScaled is a + s b where there is an a already.
func (b *Builder) addScaled(acc, x *G.Node, s float64) *G.Node {
	if acc == nil {
		return b.Scale(x, s)
	}
	return b.AddScaled(acc, x, s)
}

func scale[F float](out, x []F, s F) {
	x = x[:len(out)]
	for i := scaleFast(out, x, s); i < len(out); i++ {
		out[i] = s * x[i]
	}
}
