package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// The results of the one pass that the reverse pass of a polynomial step makes over W.
const (
	taylorAlpha  = iota // κ g ∘ Δ, summed over a row unless α is per synapse: [out,in] or [out]
	taylorW             // g + H ∘ ∂Δ/∂W   [out,in]
	taylorPost          // [N,out]
	taylorPre           // [N,in]; in several parts [parts·N,in], to be summed
	taylorTheta         // [K] or [K,out]; in several parts [parts·K], to be summed
	taylorFactor        // [N,out]
	taylorResults
)

// taylorPass is a step, and the reverse pass of it.
type taylorPass struct {
	taylor
	detach         bool // Δ is a constant for the derivative
	w, p, h, theta *G.Node
	x, alpha       *G.Node // nil for none

	g            *G.Node
	need         [taylorResults]bool
	acc          [taylorResults]*G.Node // what each result is added to, nil for none
	xAt, alphaAt int                    // places among the operands, 0 for none
	accAt        [taylorResults]int
}

// inParts reports whether a result has a part for each part of the pass.
func (s *taylorPass) inParts(result int) bool {
	return s.parts > 1 && (result == taylorPre || result == taylorTheta && !s.perRow)
}

// pull builds what the operands of a step receive.
func (s taylorPass) pull(b *Builder, operands []*G.Node, g *G.Node, want []bool, acc []*G.Node) []*G.Node {
	s.g = g
	of := []int{taylorW, taylorPost, taylorPre, taylorTheta}
	if s.x != nil {
		of = append(of, taylorFactor)
	}
	if s.alpha != nil {
		of = append(of, taylorAlpha)
	}
	for i, result := range of {
		s.need[result] = want[i] && (result == taylorAlpha || !s.detach)
		if s.need[result] && result != taylorW && !s.inParts(result) && (result != taylorAlpha || s.update.alpha == perSynapse) {
			s.acc[result] = acc[i]
		}
	}
	s.need[taylorW] = s.need[taylorW] && s.top() > 0 // else it is g
	results := s.build(b)
	r := make([]*G.Node, len(operands))
	if b.err != nil {
		return r
	}
	for i, result := range of {
		n := results[result]
		switch {
		case !want[i]:
		case result == taylorW && n == nil:
			r[i] = b.sum(acc[i], g)
		case result == taylorW:
			r[i] = b.sum(acc[i], n)
		case n == nil:
		case s.inParts(result):
			r[i] = b.sumParts(acc[i], n, s.parts)
		case result == taylorAlpha && s.update.alpha == perRow:
			r[i] = b.sum(acc[i], n)
		case result == taylorAlpha && s.update.alpha == scalar:
			r[i] = b.sum(acc[i], b.Dot(n, b.OnesLike(n)))
		default:
			r[i] = n
		}
	}
	return r
}

// build makes the nodes that are needed.
func (s taylorPass) build(b *Builder) (r [taylorResults]*G.Node) {
	operands := []*G.Node{s.g, s.w, s.p, s.h, s.theta}
	place := func(n *G.Node) int {
		if n == nil {
			return 0
		}
		operands = append(operands, n)
		return len(operands) - 1
	}
	s.xAt, s.alphaAt = place(s.x), place(s.alpha)
	for i, a := range s.acc {
		s.accAt[i] = place(a)
	}
	wk := &work{
		pieces: s.parts, scratch: s.scratch(true),
		f32: func(out, in [][]float32, part int, scratch []float32) { runTaylor(b, &s, out, in, part, scratch) },
		f64: func(out, in [][]float64, part int, scratch []float64) { runTaylor(b, &s, out, in, part, scratch) },
	}
	matrix := tensor.Shape{s.out, s.in}
	shapes := [taylorResults]tensor.Shape{
		taylorAlpha: {s.out}, taylorW: matrix, taylorPost: s.p.Shape(), taylorPre: {s.parts * s.n, s.in}, taylorTheta: s.theta.Shape(), taylorFactor: s.p.Shape(),
	}
	if s.update.alpha == perSynapse {
		shapes[taylorAlpha] = matrix
	}
	if s.inParts(taylorTheta) {
		shapes[taylorTheta] = tensor.Shape{s.parts * len(s.terms)}
	}
	var specs []spec
	var members []int
	for i := range s.need {
		if !s.need[i] {
			continue
		}
		sp := spec{kind: "TaylorBack", shape: shapes[i], work: wk, pull: b.expanded(operands, s.composed(b, i)), products: s.products(i)}
		if i == taylorW {
			sp.over = []int{0}
		}
		if at := s.accAt[i]; at != 0 {
			sp.over = []int{at}
		}
		specs, members = append(specs, sp), append(members, i)
	}
	for j, n := range b.nodes(specs, members, operands...) {
		r[members[j]] = n
	}
	return r
}

// products are those that a result is made by, if the ones before it have not made them.
func (s *taylorPass) products(result int) (list []Product) {
	first := func(results ...int) bool {
		for _, r := range results {
			if s.need[r] {
				return r == result
			}
		}
		return false
	}
	for c := range s.weights {
		k := s.length(c)
		switch {
		case first(taylorAlpha, taylorW):
			list = append(list, Product{TA: true, M: s.out, N: s.in, K: k})
		case result == taylorPre:
			list = append(list, Product{M: k, N: s.in, K: s.out})
		case first(taylorPost, taylorTheta, taylorFactor):
			list = append(list, Product{TB: true, M: k, N: s.out, K: s.in})
		}
	}
	return list
}

// composed is a result as a composition: a derivative of the reference.
func (s taylorPass) composed(b *Builder, result int) func() *G.Node {
	return func() *G.Node {
		// Two operands can be one node, of which each has its own share.
		own := s
		stand := func(n *G.Node) *G.Node {
			if n == nil {
				return nil
			}
			return b.Scale(b.Scale(n, 2), 0.5) // a node of its own, with the very bits
		}
		own.w, own.p, own.h, own.theta, own.x, own.alpha = stand(s.w), stand(s.p), stand(s.h), stand(s.theta), stand(s.x), stand(s.alpha)
		if result == taylorAlpha {
			delta := own.composedDelta(b)
			if s.detach {
				delta = b.StopGradient(delta)
			}
			if s.update.alpha != perSynapse {
				return b.Scale(b.RowDot(s.g, delta), s.scale)
			}
			return b.sum(s.acc[result], b.Scale(b.Mul(s.g, delta), s.scale))
		}
		of := map[int]*G.Node{taylorW: own.w, taylorPost: own.p, taylorPre: own.h, taylorTheta: own.theta, taylorFactor: own.x}[result]
		step := own.reference(b)
		if b.err != nil {
			return nil
		}
		leaves := []*G.Node{own.w, own.p, own.h, own.theta}
		for _, n := range []*G.Node{own.x, own.alpha} {
			if n != nil {
				leaves = append(leaves, n)
			}
		}
		share := func(g *G.Node) *G.Node {
			return b.reverse(step, g, []*G.Node{of}, leaves)[0]
		}
		if !s.inParts(result) {
			return b.sum(s.acc[result], share(s.g))
		}
		var parts []rowRange
		size := of.Shape()[0]
		for i := range s.parts {
			from, to := s.rowsOf(i)
			parts = append(parts, rowRange{i * size, share(b.PadRows(s.out, from, b.Rows(s.g, from, to)))}) // zeros elsewhere
		}
		shape := clone(of.Shape())
		shape[0] *= s.parts
		return b.joinRows(nil, shape, parts)
	}
}
