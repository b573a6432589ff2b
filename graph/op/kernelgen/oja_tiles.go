package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The tiles of Oja's rule hold a part of the outer product D = pᵀ h, which stays in registers
// until the change that it is for has been made.

// ojaRows are the numbers of rows that there are tiles for; package op calls the first
// ojaTileRows.
var ojaRows = []int{6, 1}

// outer is the tile of D for a block of columns.
func (c columns) outer(rows int, offset reg.Register) tile {
	t := c.argumentStruct()
	h, p, n, ldp, ldh := c.field(t, "h"), c.field(t, "p"), c.field(t, "n"), c.field(t, "ldp"), c.field(t, "ldh")
	c.ADDQ(offset, h)
	d := c.zeros(rows, c.across)
	c.Label(c.label("product"))
	c.addOuter(d, at(h, nil, 0), func(i int) Mem { return at(p, nil, 4*i) })
	c.ADDQ(ldh, h)
	c.ADDQ(ldp, p)
	c.DECQ(n)
	c.JNZ(LabelRef(c.label("product")))
	return d
}

// walk goes over the rows of a tile: row is the byte of a row's first column in the matrices,
// next that of the row that another tile will have in its place.
type walk struct {
	columns
	row, next, ld, s reg.Register
}

func (c columns) walk(offset reg.Register) walk {
	t := c.argumentStruct()
	w := walk{columns: c, s: c.field(t, "s"), ld: c.field(t, "ld"), row: c.GP64(), next: c.GP64()}
	c.MOVQ(offset, w.row)
	c.LEAQ(Mem{Base: w.ld, Index: w.ld, Scale: 2}, w.next)
	c.LEAQ(Mem{Base: w.row, Index: w.next, Scale: 2}, w.next)
	return w
}

func (w walk) advance() {
	w.ADDQ(Imm(4), w.s)
	w.ADDQ(w.ld, w.row)
	w.ADDQ(w.ld, w.next)
}

// load is register i of the row of a matrix. The row to come is fetched into the cache.
func (w walk) load(matrix reg.Register, i int, to reg.Register) {
	w.columns.load(at(matrix, w.row, 0), i, to)
	if i*w.bytes()%64 == 0 { // once for each of the cache's lines
		w.PREFETCHT1(at(matrix, w.next, i*w.bytes()))
	}
}

func (w walk) store(from reg.Register, matrix reg.Register, i int, free reg.Register) {
	w.columns.store(from, at(matrix, w.row, 0), i, free)
}

// spread is a number in all lanes: in a register with AVX-512, in memory with AVX2, which
// has too few registers. Place says which one of the function's numbers it is.
func (a assembler) spread(number Mem, memory Mem, place int) Op {
	v := a.vector()
	a.VBROADCASTSS(number, v)
	if a.lanes == avx512.lanes {
		return v
	}
	memory = memory.Offset(place * a.bytes())
	a.VMOVUPS(v, memory)
	return memory
}

// numbers is memory for two numbers in all lanes.
func (a assembler) numbers() Mem {
	if a.lanes == avx512.lanes {
		return Mem{}
	}
	return a.AllocLocal(2 * a.bytes())
}

func ojaStepTiles(a assembler) {
	a.firstColumns()
	for _, rows := range ojaRows {
		a.begin(fmt.Sprintf("ojaStepTile%d", rows), "t *ojaTile",
			fmt.Sprintf("is W' = W + k α ∘ (D − diag(s) W) for %d of the rows of W.", rows))
		memory := a.numbers()
		t := a.argumentStruct()
		weights, alpha, out := a.field(t, "w"), a.field(t, "a"), a.field(t, "ow")
		a.eachBlock(func(c columns, offset reg.Register) {
			d := c.outer(rows, offset)
			k := c.spread(c.place("k"), memory, 0)
			r := c.walk(offset)
			for i := range d {
				s := c.spread(at(r.s, nil, 0), memory, 1)
				for j, d := range d[i] {
					w, x := c.vector(), c.vector()
					r.load(weights, j, w)
					r.load(alpha, j, x)
					c.VFNMADD231PS(s, w, d)
					c.VMULPS(k, x, x)
					c.VFMADD231PS(d, x, w)
					r.store(w, out, j, x)
				}
				r.advance()
			}
		})
	}
}

// place is where a field of argument t is.
func (a assembler) place(name string) Mem {
	b, err := a.argumentStruct().Field(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

func ojaBackTiles(a assembler) {
	a.firstColumns()
	for _, rows := range ojaRows {
		a.begin(fmt.Sprintf("ojaBackTile%d", rows), "t *ojaTile",
			fmt.Sprintf("is the reverse pass of a step for %d of the rows of W: with x = (k g) α,", rows),
			"oa = sum + (k g)(D − diag(s) W), oh = x, ow = g − diag(s) x, and r −= x W, in 16 lanes for each row.")
		memory := a.numbers()
		t := a.argumentStruct()
		weights, alpha, g, sum := a.field(t, "w"), a.field(t, "a"), a.field(t, "g"), a.field(t, "sum")
		oa, ow, oh := a.field(t, "oa"), a.field(t, "ow"), a.field(t, "oh")
		a.eachBlock(func(c columns, offset reg.Register) {
			d := c.outer(rows, offset)
			k := c.spread(c.place("k"), memory, 0)
			r := c.walk(offset)
			lanes := c.field(c.argumentStruct(), "r")
			for i := range d {
				s := c.spread(at(r.s, nil, 0), memory, 1)
				var sums reg.VecVirtual
				for j, d := range d[i] {
					lane := j * c.lanes % dotLanes
					last := j+1 == c.across || lane != 0 || c.lanes < dotLanes
					gradient, x, w, v := c.vector(), c.vector(), c.vector(), c.vector()
					r.load(g, j, gradient)
					c.VMULPS(k, gradient, x)
					r.load(weights, j, w)
					c.VFNMADD231PS(s, w, d)
					r.load(sum, j, v)
					c.VFMADD231PS(d, x, v)
					r.store(v, oa, j, d) // d is done with
					r.load(alpha, j, v)
					c.VMULPS(v, x, x)
					r.store(x, oh, j, d)
					c.VFNMADD231PS(s, x, gradient)
					r.store(gradient, ow, j, d)
					if sums == nil || c.lanes < dotLanes {
						sums = d
						c.VMOVUPS(at(lanes, nil, 4*lane), sums)
					}
					c.VFNMADD231PS(x, w, sums)
					if last {
						c.VMOVUPS(sums, at(lanes, nil, 4*lane))
					}
				}
				r.advance()
				c.ADDQ(Imm(4*dotLanes), lanes)
			}
		})
	}
}
