//go:build !amd64

package op

// vectorWidth is 0: the loops in Go do everything.
const vectorWidth = 0

// processorSets are the sets that there are kernels for.
func processorSets() []string { return []string{setNone} }
