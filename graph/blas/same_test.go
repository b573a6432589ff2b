package blas

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"
)

// sameShapes are past the blocking of both libraries, and with a k that leaves the rows of
// operands at odd addresses.
var sameShapes = [][3]int{{1, 1, 1}, {8, 64, 64}, {64, 64, 8}, {33, 129, 65}, {32, 300, 301}, {130, 70, 99}, {100, 200, 30}}

func sameProducts[F float]() []*product[F] {
	var products []*product[F]
	rng := rand.New(rand.NewPCG(3, 0))
	for i, s := range sameShapes {
		for kind := range 4 {
			products = append(products, newProduct[F](rng, kind&1 != 0, kind&2 != 0, s[0], s[1], s[2], 1, F(i%2), i%3))
		}
	}
	return products
}

func TestSameBitsFromRunToRun(t *testing.T) {
	eachLibrary(t, func(t *testing.T, lib *Library) {
		testSameBits[float32](t, lib)
		testSameBits[float64](t, lib)
	})
}

// testSameBits repeats a product with its arrays elsewhere in memory.
func testSameBits[F float](t *testing.T, lib *Library) {
	for _, p := range sameProducts[F]() {
		want := copyOf(p.c)
		p.run(lib, want)
		for range 4 {
			again := *p
			again.a, again.b = copyOf(p.a), copyOf(p.b)
			have := copyOf(p.c)
			again.run(lib, have)
			if i := firstDifference(have, want); i >= 0 {
				t.Fatalf("%v: value %d: have %v, the first time %v", p, i, have[i], want[i])
			}
		}
	}
}

func TestSameBitsFromManyGoroutines(t *testing.T) {
	eachLibrary(t, func(t *testing.T, lib *Library) {
		testConcurrent[float32](t, lib)
		testConcurrent[float64](t, lib)
	})
}

// testConcurrent has goroutines read the same operands and start at different products, so
// that different ones run at once.
func testConcurrent[F float](t *testing.T, lib *Library) {
	const goroutines, rounds = 8, 4
	products := sameProducts[F]()
	want := make([][]F, len(products))
	for i, p := range products {
		want[i] = copyOf(p.c)
		p.run(lib, want[i])
	}
	var group sync.WaitGroup
	for g := range goroutines {
		group.Go(func() {
			for r := range rounds * len(products) {
				i := (r + g*3) % len(products)
				p := products[i]
				have := copyOf(p.c)
				p.run(lib, have)
				if j := firstDifference(have, want[i]); j >= 0 {
					t.Errorf("goroutine %d, %v: value %d: have %v, alone %v", g, p, j, have[j], want[i][j])
					return
				}
			}
		})
	}
	group.Wait()
}

func firstDifference[F float](have, want []F) int {
	for i := range have {
		if math.Float64bits(float64(have[i])) != math.Float64bits(float64(want[i])) {
			return i
		}
	}
	return -1
}

func TestNoAllocation(t *testing.T) {
	shapes := [][3]int{{1, 1, 1}, {8, 64, 64}, {64, 64, 8}, {32, 300, 300}, {32, 900, 300}, {300, 300, 32}, {200, 65, 130}}
	eachLibrary(t, func(t *testing.T, lib *Library) {
		rng := rand.New(rand.NewPCG(4, 0))
		for _, s := range shapes {
			for kind := range 4 {
				p := newProduct[float32](rng, kind&1 != 0, kind&2 != 0, s[0], s[1], s[2], 1, 0, 0)
				q := newProduct(rng, kind&1 != 0, kind&2 != 0, s[0], s[1], s[2], 1, 0.5, 0)
				if n := testing.AllocsPerRun(5, func() { p.run(lib, p.c) }); n != 0 {
					t.Errorf("%v: have %v allocations, want none", p, n)
				}
				if n := testing.AllocsPerRun(5, func() { q.run(lib, q.c) }); n != 0 {
					t.Errorf("%v: have %v allocations, want none", q, n)
				}
				direct := func() {
					lib.Sgemm(p.ta, p.tb, p.m, p.n, p.k, 2, p.a, p.lda, p.b, p.ldb, 1, p.c, p.ldc)
				}
				if n := testing.AllocsPerRun(5, direct); n != 0 {
					t.Errorf("Sgemm, %v: have %v allocations, want none", p, n)
				}
			}
		}
	})
}
