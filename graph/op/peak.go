package op

// Numbers of a run of PeakFMA, under which sums stay normal: they tend to 3.
const peakFactor, peakSummand = 0.7, 0.9

// PeakFMA keeps the units of one processor core busy with
//
//	s = x s + y
//
// n times over, for as many sums s that they need not wait for one another, and returns the FLOPs:
// two for each sum and time. Everything stays in registers, so that no product and no kernel of
// this package can make more FLOPs in the time that this takes, which is the caller's to measure.
//
// With kernels ([Tiles]) these are fused multiply-adds over whole vector registers, 12 of AVX2 or
// 24 of AVX-512. Without them they are multiplications and additions of single numbers in Go,
// fused where the compiler does so for the processor: a bound for loops in Go, not for a library
// that uses vector registers.
func PeakFMA[F float32 | float64](n int) (flops float64) {
	sums := Alloc[F](peakSums[F]())
	for i := range sums {
		sums[i] = F(i % 7)
	}
	peak(max(n, 1), peakFactor, peakSummand, sums)
	return 2 * float64(max(n, 1)) * float64(len(sums))
}

// peak is s = x s + y for all of peakSums sums, n times over.
func peak[F float](n int, x, y F, sums []F) {
	if !peakFast(n, x, y, sums) {
		peakLoop(n, x, y, (*[peakLoopSums]F)(sums))
	}
}

// peakLoopSums is how many sums fit into the registers of any processor, beside two numbers.
const peakLoopSums = 12

func peakLoop[F float](n int, x, y F, s *[peakLoopSums]F) {
	a, b, c, d, e, f := s[0], s[1], s[2], s[3], s[4], s[5]
	g, h, i, j, k, l := s[6], s[7], s[8], s[9], s[10], s[11]
	for range n {
		a, b, c = x*a+y, x*b+y, x*c+y
		d, e, f = x*d+y, x*e+y, x*f+y
		g, h, i = x*g+y, x*h+y, x*i+y
		j, k, l = x*j+y, x*k+y, x*l+y
	}
	*s = [peakLoopSums]F{a, b, c, d, e, f, g, h, i, j, k, l}
}
