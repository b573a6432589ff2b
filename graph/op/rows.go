package op

import (
	"fmt"

	G "gorgonia.org/gorgonia"
)

// Rows is a range of rows of an array: the examples of one inner step out of the arrays
// that hold a whole episode. It is a view: nothing is copied by a machine that plans memory.
//
//	c = a[from:to]   [to−from,…]
//
// a receives g at those rows, see AddRows: when a is read by many ranges, as the features of
// a frozen prefix are, the reverse pass writes each contribution to its own rows alone, so
// that the cost stays linear in the number of ranges.
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
		grad: func(_ int, _, g, acc *G.Node) *G.Node {
			if acc == nil {
				return b.PadRows(s[0], from, g)
			}
			return b.AddRows(acc, g, from)
		},
		view: true, offset: from * row,
	}, x)
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

// AddRows adds an array to a range of rows of another.
//
//	c = a,  then c[at : at+k] += d,   a [rows,…], d [k,…]
//
// a receives g, d receives Rows(g). In place its cost is that of d.
func (b *Builder) AddRows(x, d *G.Node, at int) *G.Node {
	if !b.usable([]*G.Node{x, d}) {
		return nil
	}
	sx, sd := x.Shape(), d.Shape()
	if at < 0 || at+sd[0] > sx[0] || !same(sx[1:], sd[1:]) {
		return b.misfit("AddRows", fmt.Sprintf("rows that fit at %d", at), x, d)
	}
	from := at * (sx.TotalSize() / sx[0])
	return b.node(spec{
		kind:  "AddRows",
		shape: sx,
		f32:   func(out []float32, in [][]float32) { addRows(out, in[0], in[1], from) },
		f64:   func(out []float64, in [][]float64) { addRows(out, in[0], in[1], from) },
		grad: func(i int, _, g, acc *G.Node) *G.Node {
			if i == 0 {
				return b.sum(acc, g)
			}
			return b.sum(acc, b.Rows(g, at, at+sd[0]))
		},
		over: []int{0},
	}, x, d)
}

func padRows[F float](out, x []F, from int) {
	clear(out[:from])
	copy(out[from:], x)
	clear(out[from+len(x):])
}

func addRows[F float](out, x, d []F, from int) {
	keep(out, x)
	to := out[from:][:len(d)]
	addScaled(to, to, d, 1)
}

// keep copies what the result starts from, unless it is in its place already.
func keep[F float](out, x []F) {
	if &out[0] != &x[0] {
		copy(out, x)
	}
}
