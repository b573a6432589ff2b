package engine

import (
	"cmp"
	"slices"
)

// order ranks the steps by how long the way from each to the end of the program is, by
// estimate: what everything waits for goes first.
func (c *crew[F]) order() {
	n := len(c.p.steps)
	way := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		for _, j := range c.next[i] {
			way[i] = max(way[i], way[j])
		}
		way[i] += c.p.steps[i].cost()
	}
	steps := make([]int32, n)
	for i := range steps {
		steps[i] = int32(i)
	}
	slices.SortStableFunc(steps, func(a, b int32) int { return cmp.Compare(way[b], way[a]) })
	for r, i := range steps {
		c.rank[i] = int32(r)
	}
}

// cost is about how many seconds a step takes: the order of magnitude is enough.
func (s *step[F]) cost() float64 {
	const perFLOP, perElement, perTask = 2e-11, 5e-10, 3e-7
	t := perTask
	for _, a := range s.in {
		t += perElement / 4 * float64(len(a))
	}
	for _, a := range s.out {
		t += perElement * float64(len(a))
	}
	if s.kernel != nil {
		for _, p := range s.kernel.Products() {
			t += perFLOP * p.FLOPs()
		}
	}
	return t
}
