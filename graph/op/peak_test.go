package op

import (
	"math"
	"testing"
)

// eachSet runs a test with every set of kernels that the processor has, none included.
func eachSet(t *testing.T, f func(t *testing.T)) {
	for _, set := range KernelSets() {
		t.Run(set, func(t *testing.T) {
			defer UseKernels(set)()
			f(t)
		})
	}
}

// TestPeak counts multiplications and additions: with x = y = 1 each adds one to its sum, so
// that the sums tell how many there were. A plain loop makes the same numbers for other x and y,
// and nothing beside the sums is written.
func TestPeak(t *testing.T) {
	eachSet(t, func(t *testing.T) {
		t.Run("float32", func(t *testing.T) { checkPeak(t, fma32) })
		t.Run("float64", func(t *testing.T) { checkPeak(t, math.FMA) })
	})
}

func checkPeak[F float](t *testing.T, fused func(x, y, z F) F) {
	const beside, mark = 64, 12345
	for _, n := range []int{1, 2, 1000} {
		count := peakSums[F]()
		for _, c := range []struct{ x, y F }{{1, 1}, {0.7, 0.9}, {-0.3, 1.7}} {
			room := Alloc[F](count + 2*beside)
			for i := range room {
				room[i] = mark
			}
			sums := room[beside:][:count:count]
			for i := range sums {
				sums[i] = F(i % 5)
			}
			peak(n, c.x, c.y, sums)
			made := 0.0
			for i, have := range sums {
				once, twice := F(i%5), F(i%5) // rounded once in a multiplication and addition, or twice
				for range n {
					once = fused(c.x, once, c.y)
					twice = F(c.x*twice) + c.y
				}
				if have != once && (vectorWidth != 0 || have != twice) {
					t.Fatalf("sum %d after %d times %v s + %v: %v, by a plain loop %v or %v", i, n, c.x, c.y, have, once, twice)
				}
				made += float64(have) - float64(i%5)
			}
			if want := PeakFMA[F](n); c.x == 1 && 2*made != want {
				t.Errorf("%d times: %v FLOPs in %d sums, PeakFMA says %v", n, 2*made, count, want)
			}
			for i, v := range room {
				if (i < beside || i >= beside+count) && v != mark {
					t.Fatalf("wrote %d elements from the beginning of %d sums", i-beside, count)
				}
			}
		}
	}
}

// TestPeakFMA asks for one time where none is asked for, and for enough sums that two units of
// five cycles each need not wait.
func TestPeakFMA(t *testing.T) {
	eachSet(t, func(t *testing.T) {
		if a, b := PeakFMA[float32](0), PeakFMA[float32](1); a != b || a != 2*float64(peakSums[float32]()) {
			t.Errorf("%v FLOPs for no time, %v for one, %d sums", a, b, peakSums[float32]())
		}
		if lanes := max(vectorWidth, 1); peakSums[float32]() < 10*lanes {
			t.Errorf("%d sums in registers of %d: two units of five cycles want ten registers", peakSums[float32](), lanes)
		}
	})
}
