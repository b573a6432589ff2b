package blas

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkGemm is what the paper's networks ask for: the forward pass x Wᵀ, what goes back
// through it, g W, and changes of weights, gᵀ x, with a batch of 32 and with a small network.
//
//	go test -run - -bench Gemm ./graph/blas
func BenchmarkGemm(b *testing.B) {
	shapes := []struct {
		m, n, k int
		ta, tb  bool
	}{
		{32, 300, 300, false, true},
		{32, 900, 300, false, true},
		{32, 300, 900, false, true},
		{32, 300, 300, false, false},
		{300, 300, 32, true, false},
		{900, 300, 32, true, false},
		{8, 64, 64, false, true},
		{8, 64, 64, false, false},
		{64, 64, 8, true, false},
		{1, 1, 1, false, false}, // the call alone
	}
	for _, name := range Names() {
		for _, s := range shapes {
			kind := fmt.Sprintf("%s%s/%dx%dx%d", letter(s.ta), letter(s.tb), s.m, s.n, s.k)
			b.Run(name+"/float32/"+kind, func(b *testing.B) { benchmarkGemm[float32](b, name, s.ta, s.tb, s.m, s.n, s.k) })
			b.Run(name+"/float64/"+kind, func(b *testing.B) { benchmarkGemm[float64](b, name, s.ta, s.tb, s.m, s.n, s.k) })
		}
	}
}

func benchmarkGemm[F float](b *testing.B, name string, ta, tb bool, m, n, k int) {
	lib := open(b, name)
	p := newProduct[F](rand.New(rand.NewPCG(5, 0)), ta, tb, m, n, k, 1, 0, 0)
	b.ReportAllocs()
	for b.Loop() {
		p.run(lib, p.c)
	}
	flops := 2 * float64(m) * float64(n) * float64(k) * float64(b.N)
	b.ReportMetric(flops/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
}
