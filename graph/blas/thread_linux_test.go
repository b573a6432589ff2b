package blas

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"time"
)

// A product that ran on several threads would take more processor time than time. On a busy
// machine it takes less, so the test never fails by accident.
func TestOneThreadForEachProduct(t *testing.T) {
	eachLibrary(t, func(t *testing.T, lib *Library) {
		p := newProduct[float32](rand.New(rand.NewPCG(6, 0)), false, true, 500, 500, 500, 1, 0, 0)
		time.Sleep(100 * time.Millisecond) // threads that a library started wait before they sleep
		used, start := processorTime(t), time.Now()
		for time.Since(start) < 200*time.Millisecond {
			p.run(lib, p.c)
		}
		used, elapsed := processorTime(t)-used, time.Since(start)
		if used > elapsed*5/4 {
			t.Errorf("have %v of processor time in %v, want no more than one thread's", used, elapsed)
		}
	})
}

func processorTime(t *testing.T) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
