package op_test

import (
	G "gorgonia.org/gorgonia"
	"pgregory.net/rapid"

	"metaplast/graph/op"
)

// fused is one use of a fused op, whose Builder makes the kernel or the composition.
type fused struct {
	shapes [][]int
	build  func(b *op.Builder, in []*G.Node) *G.Node
}

// fusedOp draws uses of a fused op.
type fusedOp struct {
	name   string
	kinds  string // kernels that are in pieces when they are big
	checks int
	draw   func(r *rapid.T, big bool) fused
}

// fusedOps are all of them.
var fusedOps = []fusedOp{
	{"Dense", "Dense", 80, func(r *rapid.T, big bool) fused {
		n, in, out := layerSizes(r, big)
		phi := activation(r)
		return fused{shapes: [][]int{{n, in}, {out, in}, {out}}, build: func(b *op.Builder, x []*G.Node) *G.Node { return b.Dense(x[0], x[1], x[2], phi) }}
	}},
	{"DenseBack", "DenseBack", 80, func(r *rapid.T, big bool) fused {
		n, in, out := layerSizes(r, big)
		phi := rapid.SampledFrom([]op.Activation{op.Relu, op.LeakyRelu}).Draw(r, "activation") // what is curved is not fused
		return fused{shapes: [][]int{{n, out}, {out, in}, {n, in}}, build: func(b *op.Builder, x []*G.Node) *G.Node { return b.DenseBack(x[0], x[1], x[2], phi) }}
	}},
	{"Post", "", 80, func(r *rapid.T, _ bool) fused {
		s := []int{examples(r), units(r, "n")}
		return fused{shapes: [][]int{s, s, {1}}, build: func(b *op.Builder, x []*G.Node) *G.Node { return b.Post(x[0], x[1], x[2]) }}
	}},
	{"HebbStep", "HebbStep StepBack", 120, func(r *rapid.T, big bool) fused { return drawStep(r, big, (*op.Builder).HebbStep) }},
	{"OjaStep", "OjaStep StepBack", 160, func(r *rapid.T, big bool) fused { return drawStep(r, big, (*op.Builder).OjaStep) }},
	{"TaylorStep", "TaylorStep TaylorBack", 160, drawTaylor},
	{"LogDistance", "LogDistance", 60, func(r *rapid.T, big bool) fused {
		m, in, out := examples(r), rapid.IntRange(1, 40).Draw(r, "in"), rapid.IntRange(1, 9).Draw(r, "out")
		if big {
			m, in, out = 20, 70, 80
		}
		return fused{shapes: [][]int{{m, in}, {out, in}, {out, in}}, build: func(b *op.Builder, x []*G.Node) *G.Node {
			return b.LogDistance(x[0], x[1], b.AddScaled(b.OnesLike(x[2]), b.Mul(x[2], x[2]), 0.5))
		}}
	}},
	{"SynapseNet", "SynapseNet", 60, func(r *rapid.T, big bool) fused {
		n, in, out, hidden, inputs := examples(r), rapid.IntRange(1, 9).Draw(r, "in"), rapid.IntRange(1, 9).Draw(r, "out"), rapid.IntRange(1, 5).Draw(r, "hidden"), rapid.IntRange(3, 4).Draw(r, "inputs")
		if big {
			n, in, out = 2, 70, 80
		}
		shapes := [][]int{{n, in}, {n, out}, {out, in}, {hidden, inputs}, {hidden}, {hidden}}
		if inputs == 4 {
			shapes = append(shapes, []int{n, out})
		}
		return fused{shapes: shapes, build: func(b *op.Builder, x []*G.Node) *G.Node {
			var f *G.Node
			if inputs == 4 {
				f = x[6]
			}
			return b.SynapseNet(x[0], x[1], f, x[2], x[3], x[4], x[5])
		}}
	}},
	{"MSE", "", 60, func(r *rapid.T, _ bool) fused {
		s := []int{examples(r), units(r, "n")}
		return fused{shapes: [][]int{s, s}, build: func(b *op.Builder, x []*G.Node) *G.Node { return b.MSE(x[0], x[1]) }}
	}},
	{"CrossEntropy", "", 60, func(r *rapid.T, _ bool) fused {
		s := []int{examples(r), units(r, "n")}
		return fused{shapes: [][]int{s, s}, build: func(b *op.Builder, x []*G.Node) *G.Node { return b.CrossEntropy(x[0], x[1]) }}
	}},
}

// activation is any of them.
func activation(r *rapid.T) op.Activation {
	return rapid.SampledFrom([]op.Activation{op.Relu, op.Linear, "leaky_relu(0.2)", op.Tanh, op.Sigmoid, "softplus(3)"}).Draw(r, "activation")
}

func examples(r *rapid.T) int { return rapid.IntRange(1, 9).Draw(r, "N") }

// units are any number, and those around the widths of vectors, blocks and pieces.
func units(r *rapid.T, name string) int {
	return rapid.OneOf(rapid.IntRange(1, 130), rapid.SampledFrom([]int{1, 7, 8, 9, 15, 17, 31, 33, 63, 64, 65, 127, 129, 130})).Draw(r, name)
}

// layerSizes are such that a product is worth several pieces if it is to be big.
func layerSizes(r *rapid.T, big bool) (n, in, out int) {
	if big {
		side := rapid.IntRange(290, 333)
		return rapid.IntRange(74, 80).Draw(r, "N"), side.Draw(r, "in"), side.Draw(r, "out")
	}
	return examples(r), units(r, "in"), units(r, "out")
}

func drawStep(r *rapid.T, big bool, step func(b *op.Builder, w, p, h *G.Node, a op.Plasticity) *G.Node) fused {
	n, in, out := examples(r), 0, 0
	switch {
	case big && rapid.Bool().Draw(r, "wide"): // 16 rows in a piece, the least there can be
		in, out = rapid.IntRange(3000, 3200).Draw(r, "in"), rapid.IntRange(17, 50).Draw(r, "out")
	case big:
		in, out = rapid.IntRange(110, 130).Draw(r, "in"), rapid.IntRange(450, 800).Draw(r, "out")
	default:
		in, out = units(r, "in"), units(r, "out")
	}
	f := fused{shapes: [][]int{{out, in}, {n, out}, {n, in}}}
	if alpha := rapid.SampledFrom([][]int{nil, {1}, {out}, {out, in}}).Draw(r, "alpha"); alpha != nil {
		f.shapes = append(f.shapes, alpha)
	}
	detach := rapid.IntRange(0, 3).Draw(r, "detach") == 0
	scale := rapid.SampledFrom([]float64{1, -0.3, 0.125}).Draw(r, "scale")
	f.build = func(b *op.Builder, x []*G.Node) *G.Node {
		a := op.Plasticity{Scale: scale, Detach: detach}
		if len(x) == 4 {
			a.Alpha = x[3]
		}
		return step(b, x[0], x[1], x[2], a)
	}
	return f
}

// drawTaylor draws a polynomial step, or its change alone.
func drawTaylor(r *rapid.T, big bool) fused {
	n, in, out := examples(r), 0, 0
	switch {
	case big:
		in, out = rapid.IntRange(120, 130).Draw(r, "in"), rapid.IntRange(1100, 1200).Draw(r, "out") // two parts
	case rapid.IntRange(0, 5).Draw(r, "many") == 0: // several chunks of examples
		n = rapid.IntRange(30, 140).Draw(r, "N")
		fallthrough
	default:
		in, out = units(r, "in"), units(r, "out")
	}
	all := allTerms(2, 0)
	factor := rapid.IntRange(0, 2).Draw(r, "factor")
	if factor > 0 {
		all = allTerms(2, factor)
	}
	var terms []op.Term
	if rapid.Bool().Draw(r, "all") {
		terms = all
	} else {
		order := rapid.Permutation(all).Draw(r, "terms")
		terms = order[:rapid.IntRange(1, 6).Draw(r, "some")]
	}
	f := fused{shapes: [][]int{{out, in}, {n, out}, {n, in}, {len(terms)}}}
	if rapid.IntRange(0, 3).Draw(r, "rows") == 0 {
		f.shapes[3] = []int{len(terms), out}
	}
	if factor > 0 {
		f.shapes = append(f.shapes, []int{n, out})
	}
	a := op.Plasticity{Scale: rapid.SampledFrom([]float64{1, -0.3, 0.125}).Draw(r, "scale"), Detach: rapid.IntRange(0, 3).Draw(r, "detach") == 0}
	bare := rapid.IntRange(0, 3).Draw(r, "bare") == 0
	alpha := rapid.SampledFrom([][]int{nil, {1}, {out}, {out, in}}).Draw(r, "alpha")
	if alpha != nil && !bare {
		f.shapes = append(f.shapes, alpha)
	}
	f.build = func(b *op.Builder, v []*G.Node) *G.Node {
		var x *G.Node
		if factor > 0 {
			x = v[4]
		}
		if bare {
			return b.Taylor(v[0], v[1], v[2], x, v[3], terms)
		}
		a := a
		if alpha != nil {
			a.Alpha = v[len(v)-1]
		}
		return b.TaylorStep(v[0], v[1], v[2], x, v[3], terms, a)
	}
	return f
}
