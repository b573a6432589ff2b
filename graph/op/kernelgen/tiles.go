package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/gotypes"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// columns are those of a tile, some of which may be outside of the matrix: these are read as
// zeros and never written. For AVX-512 registers of bits say which, all of the time; for AVX2
// there is a table of words that say so, where the last columns do not fill a tile.
type columns struct {
	assembler
	partial bool
	bits    []reg.Register // AVX-512: one for each register of a row
	words   reg.Register   // AVX2, where partial: address of the words for the first register of a row
}

// load is register i of a row, which begins at m.
func (c columns) load(m Mem, i int, to reg.Register) {
	m = m.Offset(i * c.bytes())
	switch {
	case c.bits != nil:
		c.VMOVUPS_Z(m, c.bits[i], to)
	case c.partial:
		c.VMOVUPS(at(c.words, nil, i*c.bytes()), to)
		c.VMASKMOVPS(m, to, to)
	default:
		c.VMOVUPS(m, to)
	}
}

// store is the reverse. The register free is overwritten.
func (c columns) store(from reg.Register, m Mem, i int, free reg.Register) {
	m = m.Offset(i * c.bytes())
	switch {
	case c.bits != nil:
		c.VMOVUPS(from, c.bits[i], m)
	case c.partial:
		c.VMOVUPS(at(c.words, nil, i*c.bytes()), free)
		c.VMASKMOVPS(from, free, m)
	default:
		c.VMOVUPS(from, m)
	}
}

// label is one of the code for this kind of columns.
func (c columns) label(name string) string {
	if c.partial {
		return name + "Rest"
	}
	return name
}

// choose selects the first n columns of a tile of so many registers, where n is overwritten.
func (a assembler) choose(n reg.Register, registers int) columns {
	if a.lanes == avx2.lanes {
		// 16 words of ones before 16 of zeros: n of them are ones.
		words := a.GP64()
		a.LEAQ(Mem{Symbol: Symbol{Name: "firstColumns", Static: true}, Base: reg.StaticBase}, words)
		a.NEGQ(n)
		a.LEAQ(Mem{Base: words, Index: n, Scale: 4, Disp: 4 * a.block()}, words)
		return columns{assembler: a, partial: true, words: words}
	}
	// −1 for 64 columns or more, else −1 >> (64 − n): 16 bits for each register. The processor
	// foresees which, and need not wait for n.
	all := a.GP64()
	a.MOVQ(I32(-1), all)
	a.SUBQ(U8(a.block()), n)
	a.JGE(LabelRef("whole"))
	a.NEGQ(n)
	a.MOVQ(n, reg.RCX)
	a.SHRQ(reg.CL, all)
	a.Label("whole")
	c := columns{assembler: a}
	for i := range registers {
		if i > 0 {
			a.SHRQ(Imm(uint64(a.lanes)), all)
		}
		k := a.K()
		a.KMOVW(all.As32(), k)
		c.bits = append(c.bits, k)
	}
	return c
}

// firstColumns is the table that choose reads.
func (a assembler) firstColumns() {
	if a.lanes != avx2.lanes {
		return
	}
	a.StaticGlobal("firstColumns")
	a.DataAttributes(attr.RODATA | attr.NOPTR)
	for _, two := range []U64{0xFFFFFFFFFFFFFFFF, 0} {
		for range a.block() / 2 {
			a.AppendDatum(two)
		}
	}
}

// eachBlock is body for every block of columns, with the byte offset of its first column. The
// number of columns, at least one, is the field cols of argument t.
func (a assembler) eachBlock(body func(c columns, offset reg.Register)) {
	offset, left := a.GP64(), a.GP64()
	a.XORQ(offset, offset)
	a.Label("columns")
	a.Load(a.argumentStruct().Field("cols"), left)
	done := a.GP64()
	a.MOVQ(offset, done)
	a.SHRQ(Imm(2), done)
	a.SUBQ(done, left)
	if a.lanes == avx512.lanes {
		body(a.choose(left, a.across), offset)
		a.ADDQ(U32(4*a.block()), offset)
		n := a.GP64()
		a.Load(a.argumentStruct().Field("cols"), n)
		a.SHLQ(Imm(2), n)
		a.CMPQ(offset, n)
		a.JLT(LabelRef("columns"))
	} else {
		a.CMPQ(left, U8(a.block()))
		a.JLT(LabelRef("rest"))
		body(columns{assembler: a}, offset)
		a.ADDQ(U8(4*a.block()), offset)
		a.JMP(LabelRef("columns"))
		a.Label("rest")
		a.TESTQ(left, left)
		a.JZ(LabelRef("done"))
		body(a.choose(left, a.across), offset)
		a.Label("done")
	}
	a.VZEROUPPER()
	a.RET()
}

// argumentStruct is what argument t points to, loaded anew: registers are few.
func (a assembler) argumentStruct() gotypes.Component { return a.Dereference(a.Param("t")) }

// field loads a field into a new register.
func (a assembler) field(t gotypes.Component, name string) reg.Register {
	return a.Load(t.Field(name), a.GP64())
}

// tile is a part of a matrix, one row after the other.
type tile [][]reg.VecVirtual

func (a assembler) zeros(rows, cols int) tile {
	t := make(tile, rows)
	for i := range t {
		t[i] = a.vectors(cols)
		for _, v := range t[i] {
			a.zero(v)
		}
	}
	return t
}

// addOuter adds to a tile a column, of which entry i is at where(i), times a row at row.
func (c columns) addOuter(t tile, row Mem, where func(i int) Mem) {
	b := c.vectors(c.across)
	for j, v := range b {
		c.load(row, j, v)
	}
	for i := range t {
		x := c.vector()
		c.VBROADCASTSS(where(i), x)
		for j, v := range b {
			c.VFMADD231PS(v, x, t[i][j])
		}
	}
}

// productRows are the numbers of rows that there are tiles of a product for.
var productRows = []int{6, 2, 1}

func productTiles(a assembler) {
	a.firstColumns()
	for _, rows := range productRows {
		a.begin(fmt.Sprintf("productTile%d", rows), "t *tileProduct",
			fmt.Sprintf("is C = A B, or C += A B where keep is not 0, for %d of the rows of A [·,k] and C [·,cols],", rows), "for B [k,cols].")
		a.eachBlock(func(c columns, offset reg.Register) {
			t := c.argumentStruct()
			b, step, ldb, n := c.field(t, "b"), c.field(t, "step"), c.field(t, "ldb"), c.field(t, "k")
			c.ADDQ(offset, b)
			row := c.rowsOf(t, "a", "lda", rows)
			d := c.zeros(rows, c.across)
			c.Label(c.label("product"))
			c.addOuter(d, at(b, nil, 0), row.at)
			c.ADDQ(ldb, b)
			row.advance(step)
			c.DECQ(n)
			c.JNZ(LabelRef(c.label("product")))
			t = c.argumentStruct()
			to, ldc := c.field(t, "c"), c.field(t, "ldc")
			c.ADDQ(offset, to)
			put := func() {
				for i := range d {
					for j, v := range d[i] {
						c.store(v, at(to, nil, 0), j, c.vector())
					}
					c.ADDQ(ldc, to)
				}
			}
			keep := c.field(t, "keep")
			c.TESTQ(keep, keep)
			c.JZ(LabelRef(c.label("put")))
			for i := range d {
				for j, v := range d[i] {
					was := c.vector()
					c.load(at(to, nil, 0), j, was)
					c.VADDPS(v, was, was)
					c.store(was, at(to, nil, 0), j, v)
				}
				c.ADDQ(ldc, to)
			}
			c.JMP(LabelRef(c.label("next")))
			c.Label(c.label("put"))
			put()
			c.Label(c.label("next"))
		})
	}
}

// rowPointers point into up to six rows of a matrix.
type rowPointers struct {
	assembler
	first, fourth, stride reg.Register // fourth is nil for up to three rows
}

// rowsOf are the rows from where a field of t points, another field apart.
func (a assembler) rowsOf(t gotypes.Component, first, stride string, rows int) rowPointers {
	p := rowPointers{assembler: a, first: a.field(t, first), stride: a.field(t, stride)}
	if rows > 3 {
		p.fourth = a.GP64()
		a.LEAQ(Mem{Base: p.stride, Index: p.stride, Scale: 2}, p.fourth)
		a.ADDQ(p.first, p.fourth)
	}
	return p
}

func (p rowPointers) at(i int) Mem {
	base := p.first
	if i >= 3 {
		base, i = p.fourth, i-3
	}
	if i == 0 {
		return at(base, nil, 0)
	}
	return Mem{Base: base, Index: p.stride, Scale: uint8(i)}
}

func (p rowPointers) advance(by Op) {
	p.ADDQ(by, p.first)
	if p.fourth != nil {
		p.ADDQ(by, p.fourth)
	}
}
