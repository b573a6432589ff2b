package engine_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/engine"
	"metaplast/graph/internal/graphtest"
	"metaplast/graph/op"
)

// mixed is four products with a foreign op at the end of each, and the sum of all.
func mixed(t *testing.T, before func(chain int) error) (*op.Builder, []*G.Node) {
	t.Helper()
	b := op.New(tensor.Float64)
	x := graphtest.Bound(t, b, "x", graphtest.Normals("mixed", 64, 0.3), 8, 8)
	var chains []*G.Node
	for i := range 4 {
		y := graphtest.Sine(b, fmt.Sprint("chain", i), b.MatMul(x, b.Scale(x, float64(i+2)), op.N, op.Trans(i%2 == 0)), func() error {
			if before == nil {
				return nil
			}
			return before(i)
		})
		chains = append(chains, y)
	}
	sum := b.Add(b.Add(chains[0], chains[1]), b.Add(chains[2], chains[3]))
	if err := b.Err(); err != nil {
		t.Fatal(err)
	}
	return b, append(chains, sum)
}

func values(nodes []*G.Node) []float64 {
	var all []float64
	for _, n := range nodes {
		all = append(all, n.Value().Data().([]float64)...)
	}
	return all
}

// within fails the test if f has not returned after a minute.
func within(t *testing.T, f func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(time.Minute):
		t.Fatal("the machine hangs")
		return nil
	}
}

// TestForeignError returns an error from one op, then none: the error comes out, and the next
// run is as if nothing had been.
func TestForeignError(t *testing.T) {
	failure := errors.New("no more paper")
	for threads := 1; threads <= 4; threads++ {
		for failing := range 4 {
			fail := false
			b, outputs := mixed(t, func(chain int) error {
				if fail && chain == failing {
					return failure
				}
				return nil
			})
			vm, err := engine.Planned(engine.Options{Threads: threads})(b, outputs)
			if err != nil {
				t.Fatal(err)
			}
			if err := within(t, vm.RunAll); err != nil {
				t.Fatal(err)
			}
			want := values(outputs)
			for range 20 {
				fail = true
				if err := within(t, vm.RunAll); !errors.Is(err, failure) || !strings.Contains(err.Error(), fmt.Sprint("chain", failing)) {
					t.Fatalf("%d threads: error %v: want that of chain %d, with the op's name", threads, err, failing)
				}
				fail = false
				if err := within(t, vm.RunAll); err != nil {
					t.Fatalf("%d threads: the run after an error: %v", threads, err)
				}
				graphtest.SameBits(t, fmt.Sprintf("%d threads, after an error", threads), values(outputs), want)
			}
		}
	}
}

// helping says whether the caller runs on a thread that the machine has started.
func helping() bool {
	stack := make([]byte, 1<<14)
	return !strings.Contains(string(stack[:runtime.Stack(stack, false)]), "RunAll")
}

// TestHelperPanics panics in an op only where that would end the process, on a goroutine of
// the machine's own, and wants an error that names the op.
func TestHelperPanics(t *testing.T) {
	for threads := 2; threads <= 3; threads++ {
		armed, panicked := false, 0
		b, outputs := mixed(t, func(chain int) error {
			if armed && chain == 2 && helping() {
				panicked++
				panic("ouch")
			}
			time.Sleep(100 * time.Microsecond) // for every thread to get a share
			return nil
		})
		vm, err := engine.Planned(engine.Options{Threads: threads})(b, outputs)
		if err != nil {
			t.Fatal(err)
		}
		if err := within(t, vm.RunAll); err != nil {
			t.Fatal(err)
		}
		want := values(outputs)
		armed = true
		for runs := 0; panicked < 3; runs++ {
			if runs == 5000 {
				t.Fatalf("%d threads: in %d runs a helper had the op %d times", threads, runs, panicked)
			}
			before := panicked
			err := within(t, vm.RunAll)
			if panicked == before {
				if err != nil {
					t.Fatal(err)
				}
				graphtest.SameBits(t, fmt.Sprintf("%d threads, the helper had another op", threads), values(outputs), want)
				continue
			}
			if err == nil || !strings.Contains(err.Error(), "chain2") || !strings.Contains(err.Error(), "ouch") {
				t.Fatalf("%d threads: error %v: want one that names the op and the panic", threads, err)
			}
		}
		armed = false
		if err := within(t, vm.RunAll); err != nil {
			t.Fatal(err)
		}
		graphtest.SameBits(t, fmt.Sprintf("%d threads, after panics", threads), values(outputs), want)
	}
}

// TestScalarOutput asks for an output that is one of Gorgonia's numbers, not an array: it
// must be that of the last run.
func TestScalarOutput(t *testing.T) {
	for _, threads := range []int{1, 2} {
		b := op.New(tensor.Float64)
		data := []float64{1, 2, 3, 4}
		x := graphtest.Bound(t, b, "x", data, 4)
		sum := b.Lift(G.Sum(b.Scale(x, 2)))
		vm, err := engine.Planned(engine.Options{Threads: threads})(b, []*G.Node{sum})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []float64{20, 26} {
			if err := vm.RunAll(); err != nil {
				t.Fatal(err)
			}
			if got := sum.Value().Data().(float64); got != want {
				t.Errorf("%d threads: %v, want %v", threads, got, want)
			}
			x.Value().Data().([]float64)[0] += 3
		}
	}
}
