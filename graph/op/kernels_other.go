//go:build !amd64

package op

const (
	wide     = false
	tileRows = 1
)

// vectors is false: the loops in Go do everything.
var vectors = false

// processorSets are the sets that there are kernels for.
func processorSets() []string { return []string{setNone} }
