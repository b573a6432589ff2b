package blas

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A product must cost processor time on the thread that asks for it and on no other. Time by
// the wall would not tell on a busy machine. Several threads ask, since some builds keep
// their number of threads per thread, and the one that loaded the library is special.
func TestOneThreadForEachProduct(t *testing.T) {
	const rusageThread, rusageSelf, enough = 1, syscall.RUSAGE_SELF, 80 * time.Millisecond
	eachLibrary(t, func(t *testing.T, lib *Library) {
		p := newProduct[float32](rand.New(rand.NewPCG(6, 0)), false, true, 500, 500, 500, 1, 0, 0)
		runtime.GC()
		time.Sleep(100 * time.Millisecond) // threads that a library started wait before they sleep
		onThreads(3, func() {
			all, own := processorTime(rusageSelf), processorTime(rusageThread)
			for processorTime(rusageThread)-own < enough {
				p.run(lib, p.c)
			}
			all, own = processorTime(rusageSelf)-all, processorTime(rusageThread)-own
			if others := all - own; others > own/4 {
				t.Errorf("have %v of processor time on other threads beside %v on this one, want none", others, own)
			}
		})
	})
}

// onThreads calls f on n system threads, one after the other, none of which is let go before
// the last.
func onThreads(n int, f func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	f()
	if n > 1 {
		var next sync.WaitGroup
		next.Go(func() { onThreads(n-1, f) })
		next.Wait()
	}
}

func processorTime(who int) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(who, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
