package bench

import (
	"sync"
	"time"

	"gorgonia.org/tensor"

	"metaplast/graph/blas"
	"metaplast/graph/op"
)

// Machine measures the rates of this machine with a number of threads.
type Machine struct {
	Threads int
	Dtype   tensor.Dtype
	Library *blas.Library

	rates map[op.Product]float64
}

// trials of each measurement; the median counts.
const trials = 3

// Rate is the FLOPs per second of one shape of matrix product, all threads together, each
// with matrices of its own. Shapes are measured once.
func (m *Machine) Rate(p op.Product) float64 {
	if r, ok := m.rates[p]; ok {
		return r
	}
	if m.rates == nil {
		m.rates = map[op.Product]float64{}
	}
	var r float64
	if m.Dtype == tensor.Float32 {
		r = rate[float32](m, p)
	} else {
		r = rate[float64](m, p)
	}
	m.rates[p] = r
	return r
}

func rate[F float32 | float64](m *Machine, p op.Product) float64 {
	type operands struct{ a, b, c []F }
	own := make([]operands, m.Threads)
	for i := range own {
		own[i] = operands{filled[F](p.M * p.K), filled[F](p.K * p.N), filled[F](p.M * p.N)}
	}
	lda, ldb := p.K, p.N
	if p.TA {
		lda = p.M
	}
	if p.TB {
		ldb = p.K
	}
	product := func(o operands, n int) {
		for range n {
			blas.Gemm(m.Library, p.TA, p.TB, p.M, p.N, p.K, F(1), o.a, lda, o.b, ldb, F(0), o.c, p.N)
		}
	}
	n := often(2*time.Millisecond, func(n int) { product(own[0], n) })
	seconds := median(func() float64 {
		return together(m.Threads, func(i int) { product(own[i], n) })
	})
	return p.FLOPs() * float64(n*m.Threads) / seconds
}

// Bandwidth is the bytes per second that all threads together read and write while they
// copy arrays that no cache holds.
func (m *Machine) Bandwidth() float64 {
	const size = 64 << 20 // bytes of each array
	type pair struct{ from, to []float32 }
	own := make([]pair, m.Threads)
	for i := range own {
		own[i] = pair{filled[float32](size / 4), filled[float32](size / 4)}
	}
	seconds := median(func() float64 {
		return together(m.Threads, func(i int) { copy(own[i].to, own[i].from) })
	})
	return 2 * size * float64(m.Threads) / seconds
}

// often is how many times f has to be done to take so long, or up to twice that.
func often(least time.Duration, f func(n int)) int {
	n := 1
	for {
		start := time.Now()
		f(n)
		if time.Since(start) > least || n > 1<<24 {
			return n
		}
		n *= 2
	}
}

// together is the time until all threads have done their part.
func together(threads int, f func(i int)) float64 {
	var wg sync.WaitGroup
	start := time.Now()
	for i := range threads {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
	return time.Since(start).Seconds()
}

// median of several trials, after one that does not count.
func median(trial func() float64) float64 {
	trial()
	t := make([]float64, trials)
	for i := range t {
		t[i] = trial()
	}
	return middle(t)
}

func filled[F float32 | float64](n int) []F {
	a := op.Alloc[F](n)
	for i := range a {
		a[i] = F(i%7) - 3
	}
	return a
}
