package data

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func pcg(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// The dense and the sparse way draw the same and leave the generator in the same state; numbers are
// different, in range, and the first ones do not depend on how many are drawn.
func TestChoose(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(r, "n")
		k := rapid.IntRange(0, n).Draw(r, "k")
		seed := rapid.Uint64().Draw(r, "seed")
		a, b, c := pcg(seed), pcg(seed), pcg(seed)
		got := choose(a, n, k)
		if sparse := chooseSparse(b, n, k); !slices.Equal(got, sparse) || a.Uint64() != b.Uint64() {
			r.Errorf("%v, sparse %v", got, sparse)
		}
		if all := choose(c, n, n); !slices.Equal(got, all[:k]) {
			r.Errorf("%v are not the first of %v", got, all)
		}
		seen := map[int]bool{}
		for _, v := range got {
			if v < 0 || v >= n || seen[v] {
				r.Errorf("%v of %d", got, n)
			}
			seen[v] = true
		}
	})
}

// Every number is as likely as any other in every position.
func TestChooseUniform(t *testing.T) {
	const n, k, draws = 7, 3, 21_000
	rng := pcg(1)
	var count [k][n]int
	for range draws {
		for i, v := range choose(rng, n, k) {
			count[i][v]++
		}
	}
	for i := range count {
		for v, c := range count[i] {
			if want := float64(draws) / n; math.Abs(float64(c)-want) > 4*math.Sqrt(want) {
				t.Errorf("%d is in position %d %d times of %v", v, i, c, want)
			}
		}
	}
}
