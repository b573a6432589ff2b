package op

import "unsafe"

// peakRegisters is how many registers of sums there are in kernels of a width.
var peakRegisters = map[int]int{avx2Width: 12, avx512Width: 24}

// peakSums is how many sums peak makes: those in the registers of the kernels in use.
func peakSums[F float]() int {
	var f F
	if vectorWidth == 0 {
		return peakLoopSums
	}
	return peakRegisters[vectorWidth] * vectorWidth * 4 / int(unsafe.Sizeof(f))
}

// peakFast is peak by the kernels in use, false without any.
func peakFast[F float](n int, x, y F, sums []F) bool {
	switch sums := any(sums).(type) {
	case []float32:
		switch vectorWidth {
		case avx512Width:
			peak32AVX512(n, float32(x), float32(y), &sums[0])
		case avx2Width:
			peak32AVX2(n, float32(x), float32(y), &sums[0])
		}
	case []float64:
		switch vectorWidth {
		case avx512Width:
			peak64AVX512(n, float64(x), float64(y), &sums[0])
		case avx2Width:
			peak64AVX2(n, float64(x), float64(y), &sums[0])
		}
	}
	return vectorWidth != 0
}
