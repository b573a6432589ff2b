package op

import (
	"fmt"

	G "gorgonia.org/gorgonia"
)

// Rows is a range of rows of an array: the examples of one inner step out of the arrays
// that hold a whole episode.
//
//	c = a[from:to]   [to−from,…]
//
// a receives PadRows(g). When a is read by many ranges, as the features of a frozen prefix
// are, the reverse pass joins those contributions by JoinRows, so that the cost stays linear
// in the number of ranges.
func (b *Builder) Rows(x *G.Node, from, to int) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	s := x.Shape()
	if from < 0 || to <= from || to > s[0] {
		return b.misfit("Rows", fmt.Sprintf("a range inside the rows, have %d:%d", from, to), x)
	}
	if from == 0 && to == s[0] {
		return x
	}
	row := s.TotalSize() / s[0]
	shape := clone(s)
	shape[0] = to - from
	return b.node(spec{
		kind:  "Rows",
		shape: shape,
		f32:   func(out []float32, in [][]float32) { copy(out, in[0][from*row:to*row]) },
		f64:   func(out []float64, in [][]float64) { copy(out, in[0][from*row:to*row]) },
		grad:  func(_ int, _, g *G.Node) *G.Node { return b.PadRows(s[0], []int{from}, g) },
	}, x)
}

// PadRows places arrays at ranges of rows of a larger one that is zero elsewhere.
//
//	c[at_i : at_i+rows_i] += a_i,   c [rows,…]
//
// a_i receives Rows(g). Ranges may overlap; they are added in order.
func (b *Builder) PadRows(rows int, at []int, parts ...*G.Node) *G.Node {
	if !b.usable(parts) {
		return nil
	}
	if len(parts) == 0 || len(at) != len(parts) {
		return b.fail(fmt.Errorf("PadRows: %d ranges for %d arrays (%v): want as many, at least one", len(at), len(parts), b.label))
	}
	shape := clone(parts[0].Shape())
	shape[0] = rows
	row := shape.TotalSize() / rows
	for i, p := range parts {
		s := p.Shape()
		if at[i] < 0 || at[i]+s[0] > rows || s.TotalSize() != s[0]*row || s.Dims() != shape.Dims() {
			return b.misfit("PadRows", fmt.Sprintf("rows of %v that fit at %d", []int(shape), at[i]), p)
		}
	}
	at = append([]int(nil), at...)
	n := b.node(spec{
		kind:  "PadRows",
		shape: shape,
		f32:   func(out []float32, in [][]float32) { padRows(out, in, at, row) },
		f64:   func(out []float64, in [][]float64) { padRows(out, in, at, row) },
		grad: func(i int, _, g *G.Node) *G.Node {
			return b.Rows(g, at[i], at[i]+parts[i].Shape()[0])
		},
	}, parts...)
	if n != nil {
		n.Op().(*Kernel).at = at
	}
	return n
}

// IsRange reports whether a node is a PadRows: a contribution to a range of rows.
func IsRange(n *G.Node) bool {
	k, ok := n.Op().(*Kernel)
	return ok && k.at != nil
}

// JoinRows adds several PadRows of one shape by a single one.
func (b *Builder) JoinRows(ranges []*G.Node) *G.Node {
	if !b.usable(ranges) {
		return nil
	}
	if len(ranges) == 1 {
		return ranges[0]
	}
	var parts []*G.Node
	var at []int
	for _, r := range ranges {
		k, ok := r.Op().(*Kernel)
		if !ok || k.at == nil || !same(r.Shape(), ranges[0].Shape()) {
			return b.misfit("JoinRows", "PadRows of one shape", ranges[0], r)
		}
		parts, at = append(parts, k.operands...), append(at, k.at...)
	}
	return b.PadRows(ranges[0].Shape()[0], at, parts...)
}

func padRows[F float](out []F, in [][]F, at []int, row int) {
	fill(out, 0)
	for i, p := range in {
		to := out[at[i]*row:][:len(p)]
		addScaled(to, to, p, 1)
	}
}
