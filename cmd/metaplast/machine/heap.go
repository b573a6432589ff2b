package machine

import (
	"os"
	"runtime/debug"
)

// uncounted is what a process has resident that Go's memory limit does not count: the program
// itself, and what it computes with outside of Go.
const uncounted = 64 << 20

// LimitHeap makes Go collect garbage before the process takes more than so many bytes, which plans
// alone cannot promise: the heap is otherwise let grow to twice what lives in it. A limit that the
// user has set in GOMEMLIMIT stays.
func LimitHeap(bytes int64) {
	if os.Getenv("GOMEMLIMIT") != "" || bytes <= 0 {
		return
	}
	debug.SetMemoryLimit(max(bytes-uncounted, bytes/2))
}
