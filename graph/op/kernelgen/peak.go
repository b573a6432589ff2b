package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// peakSums is how many registers of sums a kernel of multiplications and additions keeps. Two
// units that take five cycles each are busy with ten; what is left of the registers are numbers.
func (s set) peakSums() int { return s.registers * 3 / 4 }

// peak writes the kernels whose speed is the processor's own, for float32 and float64.
func peak(a assembler) {
	for _, double := range []bool{false, true} {
		bits, move, spread, fused := 32, a.VMOVUPS, a.VBROADCASTSS, a.VFMADD213PS
		if double {
			bits, move, spread, fused = 64, a.VMOVUPD, a.VBROADCASTSD, a.VFMADD213PD
		}
		n := a.peakSums()
		a.begin(fmt.Sprintf("peak%d", bits), fmt.Sprintf("n int, x, y float%d, sums *float%d", bits, bits),
			fmt.Sprintf("is s = x s + y, n times over, for each of %d sums. They and the numbers stay in", n*a.bytes()*8/bits),
			"registers. At least one time.")
		times, to := a.argument("n"), a.argument("sums")
		number := func(name string) reg.VecVirtual {
			from, err := a.Param(name).Resolve()
			if err != nil {
				panic(err) // the description is wrong
			}
			v := a.vector()
			spread(from.Addr, v)
			return v
		}
		x, y := number("x"), number("y")
		sums := a.vectors(n)
		for i, s := range sums {
			move(at(to, nil, i*a.bytes()), s)
		}
		a.Label("again")
		for _, s := range sums {
			fused(y, x, s)
		}
		a.DECQ(times)
		a.JNZ(LabelRef("again"))
		for i, s := range sums {
			move(s, at(to, nil, i*a.bytes()))
		}
		a.VZEROUPPER()
		a.RET()
	}
}
