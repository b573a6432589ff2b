package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Post mixes top-down feedback into the activity of a layer.
//
//	p = β f + (1 − β) h = h + β (f − h)   [N,n]
//
//	f  [N,n]  feedback
//	h  [N,n]  activity of the layer, after its nonlinearity
//	β  [1]    feedback strength
//
// f receives β g, h receives (1 − β) g, β receives ⟨g, f − h⟩.
//
// Source: Lindsey & Litwin-Kumar, NeurIPS 2020, section 3.
func (b *Builder) Post(f, h, beta *G.Node) *G.Node {
	operands := []*G.Node{f, h, beta}
	if !b.usable(operands) {
		return nil
	}
	if !same(f.Shape(), h.Shape()) || !same(beta.Shape(), tensor.Shape{1}) {
		return b.misfit("Post", "two arrays of one shape and a [1]", operands...)
	}
	if !b.fused {
		return b.Add(h, b.ScaleBy(b.Sub(f, h), beta))
	}
	return b.node(spec{
		kind:  "Post",
		shape: h.Shape(),
		f32:   func(out []float32, in [][]float32) { post(out, in[0], in[1], in[2][0]) },
		f64:   func(out []float64, in [][]float64) { post(out, in[0], in[1], in[2][0]) },
		over:  []int{0, 1},
		cheap: true,
		pull: func(_, g *G.Node, want []bool, acc []*G.Node) []*G.Node {
			return b.postBack(f, h, beta, g, want, acc)
		},
	}, operands...)
}

// The results of the reverse pass through Post.
const (
	postF = iota
	postH
	postBeta
)

// postBack computes what f, h and β receive in one pass.
func (b *Builder) postBack(f, h, beta, g *G.Node, want []bool, acc []*G.Node) []*G.Node {
	operands := []*G.Node{g, f, h, beta}
	var sums [3]int // operand that each result is added to, or 0
	for i := range sums {
		if want[i] && acc[i] != nil {
			sums[i] = len(operands)
			operands = append(operands, acc[i])
		}
	}
	w := &work{
		pieces: 1,
		f32:    func(out, in [][]float32, _ int, _ []float32) { postBack(out, in, sums) },
		f64:    func(out, in [][]float64, _ int, _ []float64) { postBack(out, in, sums) },
	}
	composed := [3]func() *G.Node{
		func() *G.Node { return b.ScaleBy(g, beta) },
		func() *G.Node { return b.Sub(g, b.ScaleBy(g, beta)) },
		func() *G.Node { return b.Dot(g, b.Sub(f, h)) },
	}
	var specs []spec
	var members []int
	for i, shape := range []tensor.Shape{f.Shape(), h.Shape(), {1}} {
		if !want[i] {
			continue
		}
		s := spec{kind: "PostBack", shape: shape, work: w}
		switch {
		case sums[i] != 0:
			s.over = []int{sums[i]}
		case i == postF && sums[postH] == 0:
			s.over = []int{1, 2}
		case i == postF:
			s.over = []int{1}
		}
		s.pull = b.expanded(operands, func() *G.Node {
			if sums[i] != 0 {
				return b.Add(operands[sums[i]], composed[i]())
			}
			return composed[i]()
		})
		specs, members = append(specs, s), append(members, i)
	}
	r := make([]*G.Node, 3)
	for j, n := range b.nodes(specs, members, operands...) {
		r[members[j]] = n
	}
	return r
}

func post[F float](out, f, h []F, beta F) {
	f, h = f[:len(out)], h[:len(out)]
	for i := mixFast(out, f, h, beta); i < len(out); i++ {
		out[i] = h[i] + beta*(f[i]-h[i])
	}
}

func postBack[F float](out, in [][]F, sums [3]int) {
	g, f, h, beta := in[0], in[1], in[2], in[3][0]
	f, h = f[:len(g)], h[:len(g)]
	if o := resultOf(out, postBeta); o != nil {
		var r [8]float64
		for i := dotDifferenceFast(g, f, h, &r); i < len(g); i++ {
			r[i&7] += float64(g[i]) * (float64(f[i]) - float64(h[i]))
		}
		s := sumLanes(&r)
		if a := sums[postBeta]; a != 0 {
			s += float64(in[a][0])
		}
		o[0] = F(s)
	}
	if o := resultOf(out, postH); o != nil {
		rest := 1 - beta
		if a := sums[postH]; a != 0 {
			addScaled(o, in[a], g, rest)
		} else {
			scale(o, g, rest)
		}
	}
	if o := resultOf(out, postF); o != nil {
		if a := sums[postF]; a != 0 {
			addScaled(o, in[a], g, beta)
		} else {
			scale(o, g, beta)
		}
	}
}

// resultOf is the array of a result, nil if it is not asked for.
func resultOf[F float](out [][]F, member int) []F {
	if member < len(out) {
		return out[member]
	}
	return nil
}
