package op

// The passes over W; see vector_amd64.go.

//go:noescape
func ojaRowAVX(n int, o, w, d, a *float32, k, s float32)

//go:noescape
func ojaBackRowAVX(n int, oh, oa, ow, out, w, d, a, sum *float32, k, s float32, r *[8]float64)

// ojaRowFast does the first elements of ojaRow and returns how many.
func ojaRowFast[F float](o, w, d, a []F, k, s F) int {
	of, single := any(o).([]float32)
	n := len(o) &^ 7
	if !single || !vectors || n == 0 {
		return 0
	}
	wf, df, af := any(w).([]float32)[:n], any(d).([]float32)[:n], any(a).([]float32)[:n]
	ojaRowAVX(n, &of[0], &wf[0], &df[0], &af[0], float32(k), float32(s))
	return n
}

// ojaBackRowFast does the first elements of ojaBackRow and returns how many.
func ojaBackRowFast[F float](oh, oa, ow, g, w, d, a, sum []F, k, s F, r *[8]float64) int {
	gf, single := any(g).([]float32)
	n := len(g) &^ 7
	if !single || !vectors || n == 0 {
		return 0
	}
	ohf, oaf, owf := any(oh).([]float32)[:n], any(oa).([]float32)[:n], any(ow).([]float32)[:n]
	wf, df, af, sf := any(w).([]float32)[:n], any(d).([]float32)[:n], any(a).([]float32)[:n], any(sum).([]float32)[:n]
	ojaBackRowAVX(n, &ohf[0], &oaf[0], &owf[0], &gf[0], &wf[0], &df[0], &af[0], &sf[0], float32(k), float32(s), r)
	return n
}
