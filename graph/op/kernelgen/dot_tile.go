package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// dotLanes is how many partial sums an inner product has, for every set: with AVX2 they lie in
// two registers.
const dotLanes = 16

// dotTile goes down the rows of A with some rows of B.
func dotTile(a assembler) {
	parts := dotLanes / a.lanes
	a.firstColumns()
	a.begin("dotTile", "t *tileProduct",
		fmt.Sprintf("is C += A Bᵀ for A [rows,k], B [%d,k] and C [rows,%d], where rows is a multiple of %d.", a.dotCols, a.dotCols, a.dotRows))
	t := a.argumentStruct()
	to, ldc := a.field(t, "c"), a.field(t, "ldc")
	x := a.rowsOf(t, "a", "lda", a.dotRows)
	a.Label("rows")
	t = a.argumentStruct()
	y := a.rowsOf(t, "b", "ldb", a.dotCols)
	n := a.field(t, "k")
	sums := make([]tile, a.dotRows) // of each row of C: its columns, each in one or two registers
	for i := range sums {
		sums[i] = a.zeros(a.dotCols, parts)
	}
	k := a.GP64() // the byte within a row of A
	a.XORQ(k, k)
	add := func(c columns) {
		for part := range parts {
			b := c.vectors(c.dotCols)
			for j, v := range b {
				c.load(y.at(j), part, v)
			}
			for i := range sums {
				v := c.vector()
				c.load(x.at(i), part, v)
				for j := range b {
					c.VFMADD231PS(b[j], v, sums[i][j][part])
				}
			}
		}
	}
	a.SUBQ(Imm(dotLanes), n)
	a.JLT(LabelRef("tail"))
	a.Label("product")
	add(columns{assembler: a})
	x.advance(Imm(4 * dotLanes))
	y.advance(Imm(4 * dotLanes))
	a.ADDQ(Imm(4*dotLanes), k)
	a.SUBQ(Imm(dotLanes), n)
	a.JGE(LabelRef("product"))
	a.Label("tail")
	a.ADDQ(Imm(dotLanes), n)
	a.JZ(LabelRef("sums"))
	add(a.choose(n, parts))
	a.Label("sums")
	for i := range sums {
		a.addSums(at(to, nil, 0), sums[i])
		a.ADDQ(ldc, to)
		a.SUBQ(x.stride, k)
	}
	a.NEGQ(k) // from where a row has been left to the beginning of another, rows further down
	x.advance(k)
	t = a.argumentStruct()
	left := a.field(t, "rows")
	a.SUBQ(Imm(uint64(a.dotRows)), left)
	a.Store(left, t.Field("rows"))
	a.JG(LabelRef("rows"))
	a.VZEROUPPER()
	a.RET()
}

// fold adds the 16 partial sums of an inner product up to four: lane l is the sum of lanes l,
// l+4, l+8 and l+12, as (l + (l+8)) + ((l+4) + (l+12)).
func (a assembler) fold(sum []reg.VecVirtual) reg.VecVirtual {
	low, high := sum[0].AsY(), a.YMM()
	if len(sum) == 1 {
		a.VEXTRACTF64X4(Imm(1), sum[0], high)
		a.VADDPS(high, low, high)
	} else {
		a.VADDPS(sum[1], low, high)
	}
	x := a.XMM()
	if a.lanes == avx512.lanes { // any of 32 registers
		a.VEXTRACTF32X4(Imm(1), high, x)
	} else {
		a.VEXTRACTF128(Imm(1), high, x)
	}
	a.VADDPS(high.AsX(), x, x)
	return x
}

// addSums adds inner products to elements of C from m on. Those of four lanes a, b, c, d are
// (a + c) + (b + d).
func (a assembler) addSums(m Mem, sums tile) {
	for j := 0; j < len(sums); j += 4 {
		group := sums[j:min(j+4, len(sums))]
		pair := func(i int) reg.VecVirtual { // [x0+x2, y0+y2, x1+x3, y1+y3] of group[i] and the next
			x := a.fold(group[i])
			y := x
			if i+1 < len(group) {
				y = a.fold(group[i+1])
			}
			low, high := a.XMM(), a.XMM()
			a.VUNPCKLPS(y, x, low)
			a.VUNPCKHPS(y, x, high)
			a.VADDPS(high, low, low)
			return low
		}
		x := pair(0)
		y := x
		if len(group) > 2 {
			y = pair(2)
		}
		s, high := a.XMM(), a.XMM()
		a.VUNPCKLPD(y, x, s)
		a.VUNPCKHPD(y, x, high)
		a.VADDPS(high, s, s)
		m := m.Offset(4 * j)
		switch len(group) {
		case 4:
			a.VADDPS(m, s, s)
			a.VMOVUPS(s, m)
		case 3:
			was := a.XMM()
			a.VMOVSD(m, was)
			a.VINSERTPS(Imm(2<<4), m.Offset(8), was, was)
			a.VADDPS(was, s, s)
			a.VMOVSD(s, m)
			a.VEXTRACTPS(Imm(2), s, m.Offset(8))
		case 2:
			was := a.XMM()
			a.VMOVSD(m, was)
			a.VADDPS(was, s, s)
			a.VMOVSD(s, m)
		default:
			panic("no such tile")
		}
	}
}
