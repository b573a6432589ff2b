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
		grad:  func(_ int, _, g *G.Node) *G.Node { return b.Scale(g, s) },
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
		grad: func(i int, _, g *G.Node) *G.Node {
			if i == 0 {
				return b.ScaleBy(g, s)
			}
			return b.Dot(g, x)
		},
	}, x, s)
}

// Dot is the inner product of two arrays of one shape.
//
//	c = ⟨a, b⟩ = Σ a ∘ b   [1]
//
// a receives g b, b receives g a. The sum is accumulated in float64.
func (b *Builder) Dot(x, y *G.Node) *G.Node {
	if !b.usable([]*G.Node{x, y}) {
		return nil
	}
	if !same(x.Shape(), y.Shape()) {
		return b.misfit("Dot", "equal shapes", x, y)
	}
	return b.node(spec{
		kind:  "Dot",
		shape: tensor.Shape{1},
		f32:   func(out []float32, in [][]float32) { out[0] = float32(dot(in[0], in[1])) },
		f64:   func(out []float64, in [][]float64) { out[0] = dot(in[0], in[1]) },
		grad:  func(i int, _, g *G.Node) *G.Node { return b.ScaleBy([...]*G.Node{y, x}[i], g) },
	}, x, y)
}

// OnesLike is an array of ones of the shape of x. Nothing is differentiated through it: it
// is where the outer gradient starts.
func (b *Builder) OnesLike(x *G.Node) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	return b.Ones(x, x.Shape()...)
}

// Ones is an array of ones of the given shape. Gorgonia knows no op without operands, so
// that it hangs on a node whose value it does not read.
func (b *Builder) Ones(on *G.Node, shape ...int) *G.Node {
	if !b.usable([]*G.Node{on}) {
		return nil
	}
	return b.node(spec{
		kind:  "Ones",
		shape: shape,
		f32:   func(out []float32, _ [][]float32) { fill(out, 1) },
		f64:   func(out []float64, _ [][]float64) { fill(out, 1) },
	}, on)
}

func scale[F float](out, x []F, s F) {
	x = x[:len(out)]
	for i := range out {
		out[i] = s * x[i]
	}
}

func dot[F float](x, y []F) float64 {
	y = y[:len(x)]
	var s float64
	for i := range x {
		s += float64(x[i]) * float64(y[i])
	}
	return s
}

func fill[F float](out []F, v F) {
	for i := range out {
		out[i] = v
	}
}
