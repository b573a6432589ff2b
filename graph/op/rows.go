package op

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Rows is a range of rows of an array: the examples of one inner step out of the arrays
// that hold a whole episode. It is a view: nothing is copied by a machine that plans memory.
//
//	c = a[from:to]   [to−from,…]
//
// a receives g at those rows. When a is read by many ranges, as the features of a frozen
// prefix are, Pullback joins the contributions into one array at the end, so that the cost
// stays linear in the number of ranges.
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
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.PadRows(s[0], from, g)) },
		view:  true, offset: from * row,
	}, x)
}

// rowsFrom is the first row of a node that Rows made.
func rowsFrom(n *G.Node) (from int, ok bool) {
	k, ours := n.Op().(*Kernel)
	if !ours || k.kind != "Rows" {
		return 0, false
	}
	s := k.operands[0].Shape()
	return k.offset / (s.TotalSize() / s[0]), true
}

// rowRange is an array that belongs to the rows from a number on.
type rowRange struct {
	from int
	x    *G.Node
}

// joinRows adds ranges of rows to an array, or to zeros if it is nil.
func (b *Builder) joinRows(acc *G.Node, shape tensor.Shape, ranges []rowRange) *G.Node {
	var operands []*G.Node
	row := shape.TotalSize() / shape[0]
	at := make([]int, len(ranges))
	for i, r := range ranges {
		operands, at[i] = append(operands, r.x), r.from*row
	}
	n := len(ranges)
	if acc != nil {
		operands = append(operands, acc)
	}
	var places []int
	gaps := uncovered(at, operands[:n], shape.TotalSize())
	if acc == nil && gaps != nil {
		places = at
	}
	return b.node(spec{
		kind:   "JoinRows",
		places: places,
		shape:  shape,
		f32:    func(out []float32, in [][]float32) { joinRows(out, in, at, gaps) },
		f64:    func(out []float64, in [][]float64) { joinRows(out, in, at, gaps) },
		grad: func(i int, _, g, sum *G.Node) *G.Node {
			if i == n {
				return b.sum(sum, g)
			}
			return b.sum(sum, b.Rows(g, ranges[i].from, ranges[i].from+ranges[i].x.Shape()[0]))
		},
		over: []int{n}[:len(operands)-n],
	}, operands...)
}

// uncovered lists the ranges of a result that no operand goes to, as pairs of offsets, or
// returns nil if operands overlap.
func uncovered(at []int, operands []*G.Node, size int) [][2]int {
	parts := make([][2]int, len(at))
	for i, from := range at {
		parts[i] = [2]int{from, from + operands[i].Shape().TotalSize()}
	}
	slices.SortFunc(parts, func(a, b [2]int) int { return a[0] - b[0] })
	gaps, end := [][2]int{}, 0
	for _, p := range append(parts, [2]int{size, size}) {
		if p[0] < end {
			return nil
		}
		if p[0] > end {
			gaps = append(gaps, [2]int{end, p[0]})
		}
		end = p[1]
	}
	return gaps
}

func joinRows[F float](out []F, in [][]F, at []int, gaps [][2]int) {
	if gaps != nil && len(in) == len(at) {
		for _, g := range gaps {
			clear(out[g[0]:g[1]])
		}
		for i, from := range at {
			beginWith(out[from:], in[i]) // unless it was written there
		}
		return
	}
	if len(in) > len(at) {
		beginWith(out, in[len(at)])
	} else {
		clear(out)
	}
	for i, from := range at {
		to := out[from:][:len(in[i])]
		addScaled(to, to, in[i], 1)
	}
}

// PadRows places an array at a range of rows of a larger one that is zero elsewhere.
//
//	c[at : at+k] = a,   a [k,…], c [rows,…]
//
// a receives Rows(g).
func (b *Builder) PadRows(rows, at int, x *G.Node) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	s := x.Shape()
	shape := clone(s)
	shape[0] = rows
	if at < 0 || at+s[0] > rows {
		return b.misfit("PadRows", fmt.Sprintf("rows that fit at %d of %d", at, rows), x)
	}
	row := s.TotalSize() / s[0]
	return b.node(spec{
		kind:  "PadRows",
		shape: shape,
		f32:   func(out []float32, in [][]float32) { padRows(out, in[0], at*row) },
		f64:   func(out []float64, in [][]float64) { padRows(out, in[0], at*row) },
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.Rows(g, at, at+s[0])) },
	}, x)
}

func padRows[F float](out, x []F, from int) {
	clear(out[:from])
	copy(out[from:], x)
	clear(out[from+len(x):])
}

// beginWith copies what the result starts from, unless it is in its place already.
func beginWith[F float](out, x []F) {
	if &out[0] != &x[0] {
		copy(out, x)
	}
}
