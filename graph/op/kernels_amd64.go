package op

import "golang.org/x/sys/cpu"

// wide says whether kernels in registers of 16 elements are used, and vectors whether those of
// eight are.
var (
	wide    = own == setAVX512
	vectors = own != setNone
)

// processorSets are the sets that this processor has.
func processorSets() []string {
	sets := []string{setNone}
	if cpu.X86.HasAVX2 {
		sets = append([]string{setAVX2}, sets...)
		if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL {
			sets = append([]string{setAVX512}, sets...)
		}
	}
	return sets
}
