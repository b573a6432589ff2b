package bench

import (
	"os"
	"time"

	"gorgonia.org/tensor"

	"metaplast/graph/op"
)

// Limit is what the processor and its memory can do at most, with a number of threads.
type Limit struct {
	Threads int
	Dtype   tensor.Dtype
	Memory  int64 // bytes that may be used; 0 means any number

	Kernels   string  // the instruction set that Peak is of: AVX-512, AVX2, or scalar for multiply-adds in Go
	Peak      float64 // FLOPs per second of multiply-adds in registers, all threads together
	Bandwidth float64 // bytes per second of two streams read and one written, all threads together
	Bytes     int64   // of the arrays that these streams lie in
}

// scalar is what Kernels says of multiply-adds in Go.
const scalar = "scalar"

// Seconds is the least time for so many FLOPs and bytes: both go on at once, the longer counts.
func (l *Limit) Seconds(flops, bytes float64) float64 {
	return max(flops/l.Peak, bytes/l.Bandwidth)
}

// Runs of each measurement. The best of all counts, and of all calls of Measure, not the median:
// a limit is what the machine can do, and what comes between only takes away from it.
const peakRuns, streamRuns = 20, 4

// Measure takes some tenths of a second, and raises Peak and Bandwidth where they have been
// measured lower before.
func (l *Limit) Measure() {
	if l.Kernels = op.Tiles(); l.Kernels == "none" {
		l.Kernels = scalar
	}
	run := op.PeakFMA[float64]
	if l.Dtype == tensor.Float32 {
		run = op.PeakFMA[float32]
	}
	n := often(5*time.Millisecond, func(n int) { run(n) })
	flops := float64(l.Threads) * run(n)
	for range peakRuns {
		l.Peak = max(l.Peak, flops/together(l.Threads, func(int) { run(n) }))
	}
	l.measureBandwidth()
}

// measureBandwidth streams through arrays of its own for each thread.
func (l *Limit) measureBandwidth() {
	l.Bytes = streamBytes(int64(l.Threads), lastCache(os.DirFS("/")), l.Memory, resident("VmRSS:"))
	type pair struct{ x, y []float32 }
	own := make([]pair, l.Threads)
	n := int(l.Bytes / int64(8*l.Threads))
	bytes := make([]float64, l.Threads)
	pass := func(i int) { bytes[i] = op.Stream(own[i].x, own[i].y, 0.5) }
	together(l.Threads, func(i int) {
		own[i] = pair{op.Alloc[float32](n), op.Alloc[float32](n)}
		for _, a := range []([]float32){own[i].x, own[i].y} {
			for j := 0; j < n; j += 1 << 10 {
				a[j] = 1 // a page is there once it has been written
			}
		}
	})
	for range streamRuns {
		seconds := together(l.Threads, pass)
		l.Bandwidth = max(l.Bandwidth, float64(l.Threads)*bytes[0]/seconds)
	}
}

// streamBytes is the size of all streams together: 128 MiB a thread and twice what the last
// caches hold, so that each pass finds nothing of the one before in them; but no more than half of
// what is left of memory, as far as 32 MiB a thread allow.
func streamBytes(threads, cache, memory, taken int64) int64 {
	n := max(threads*128<<20, 2*cache)
	if memory > 0 {
		n = min(n, max((memory-taken)/2, threads*32<<20))
	}
	return n
}
