package op

import "golang.org/x/sys/cpu"

// How many float32 a register has.
const avx512Width, avx2Width = 16, 8

// vectorWidth is that of the kernels in use, 0 where the loops in Go do everything.
var vectorWidth = widthOf(kernelSet)

func widthOf(set string) int {
	switch set {
	case setAVX512:
		return avx512Width
	case setAVX2:
		return avx2Width
	}
	return 0
}

// processorSets are the sets that this processor has.
func processorSets() []string {
	sets := []string{setNone}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		sets = append([]string{setAVX2}, sets...)
		if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL {
			sets = append([]string{setAVX512}, sets...)
		}
	}
	return sets
}
