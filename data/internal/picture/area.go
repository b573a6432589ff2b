package picture

// Area scales planes [h,w] to [n,n] by area averaging: every new pixel is the mean of the old ones
// that it covers, each weighted with the part that is covered,
//
//	dst[i,j] = Σ_yx o_i(y) o_j(x) src[y,x] / (h·w),    o_i(y) = | [i·h, (i+1)·h) ∩ [y·n, (y+1)·n) |
//
// and o_j likewise with w, rounded to the nearest. So the mean of the image is kept, and no stroke
// falls between two samples, which happens to thin ones when interpolation scales down. It is exact
// integer arithmetic, the same on every machine. It also enlarges, with square blots.
//
// Not to be confused with bilinear scaling, which looks at four pixels however many are covered.
func Area(dst []uint8, n int, src []uint8, w, h int) {
	across, down := spans(n, w), spans(n, h)
	rows, sums := make([]uint64, h*n), make([]uint64, n)
	total := uint64(w) * uint64(h)
	for c := range len(dst) / (n * n) {
		for y := range h {
			line := src[(c*h+y)*w:][:w]
			row := rows[y*n:][:n]
			for j, s := range across {
				v := s.firstWeight*uint64(line[s.first]) + s.lastWeight*uint64(line[s.last])
				for _, p := range line[s.first+1 : max(s.last, s.first+1)] {
					v += s.whole * uint64(p)
				}
				row[j] = v
			}
		}
		for i, s := range down {
			clear(sums)
			for y := s.first; y <= s.last; y++ {
				weight := s.whole
				switch y {
				case s.first:
					weight = s.firstWeight
				case s.last:
					weight = s.lastWeight
				}
				for j, v := range rows[y*n:][:n] {
					sums[j] += weight * v
				}
			}
			for j, v := range sums {
				dst[(c*n+i)*n+j] = uint8((v + total/2) / total)
			}
		}
	}
}

// span is the old pixels that a new one covers: from first to last, all in between with weight
// whole. Where it covers a single one, lastWeight is 0.
type span struct {
	first, last                    int
	firstWeight, lastWeight, whole uint64
}

// spans divides old pixels among n new ones. Weights are in nths of an old pixel, so that those of
// a new one add up to old.
func spans(n, old int) []span {
	all := make([]span, n)
	for i := range all {
		from, to := i*old, (i+1)*old
		s := span{first: from / n, last: (to - 1) / n, whole: uint64(n)}
		if s.first == s.last {
			s.firstWeight = uint64(old)
		} else {
			s.firstWeight = uint64((s.first+1)*n - from)
			s.lastWeight = uint64(to - s.last*n)
		}
		all[i] = s
	}
	return all
}
