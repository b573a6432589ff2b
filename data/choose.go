package data

import "math/rand/v2"

// choose draws k different numbers from 0 to n−1, in random order, every sequence equally likely.
// It takes k numbers from rng, and the first ones do not depend on k. k must not exceed n.
//
// It is the first k exchanges of a Fisher–Yates shuffle,
//
//	i = 0 … k−1:  exchange p[i] and p[i + U(n−i)]
//
// of the permutation p = 0 … n−1, of which only what has moved is kept where n is large.
func choose(rng *rand.Rand, n, k int) []int {
	if n > 64 && n > 8*k {
		return chooseSparse(rng, n, k)
	}
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	for i := range k {
		j := i + rng.IntN(n-i)
		p[i], p[j] = p[j], p[i]
	}
	return p[:k:k]
}

// chooseSparse is choose in O(k) memory.
func chooseSparse(rng *rand.Rand, n, k int) []int {
	moved := make(map[int]int, 2*k)
	at := func(i int) int {
		if v, ok := moved[i]; ok {
			return v
		}
		return i
	}
	p := make([]int, k)
	for i := range p {
		j := i + rng.IntN(n-i)
		p[i] = at(j)
		moved[j] = at(i)
	}
	return p
}
