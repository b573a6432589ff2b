package op

// Loops over float32 that an episode spends its time with, eight elements at a time. The
// order of operations is that of the loops in Go, so that the results are the same bits. Each
// …Fast does the first elements and returns how many: none in float64, or without vectors.

//go:noescape
func biasReluAVX(n int, o, bias *float32)

//go:noescape
func gateAVX(n int, out, x, h *uint32)

//go:noescape
func addScaledAVX(n int, out, x, y *float32, s float32)

//go:noescape
func scaleAVX(n int, out, x *float32, s float32)

//go:noescape
func mixAVX(n int, out, f, h *float32, beta float32)

//go:noescape
func dotDifferenceAVX(n int, out, f, h *float32, r *[8]float64)

func biasReluFast(o, bias []float32) int {
	n := len(o) &^ 7
	if !vectors || n == 0 {
		return 0
	}
	bias = bias[:n]
	biasReluAVX(n, &o[0], &bias[0])
	return n
}

func gateFast(out, x, h []uint32) int {
	n := len(out) &^ 7
	if !vectors || n == 0 {
		return 0
	}
	x, h = x[:n], h[:n]
	gateAVX(n, &out[0], &x[0], &h[0])
	return n
}

func addScaledFast[F float](out, x, y []F, s F) int {
	o, single := any(out).([]float32)
	n := len(out) &^ 7
	if !single || !vectors || n == 0 {
		return 0
	}
	xf, yf := any(x).([]float32)[:n], any(y).([]float32)[:n]
	addScaledAVX(n, &o[0], &xf[0], &yf[0], float32(s))
	return n
}

func scaleFast[F float](out, x []F, s F) int {
	o, single := any(out).([]float32)
	n := len(out) &^ 7
	if !single || !vectors || n == 0 {
		return 0
	}
	xf := any(x).([]float32)[:n]
	scaleAVX(n, &o[0], &xf[0], float32(s))
	return n
}

func mixFast[F float](out, f, h []F, beta F) int {
	o, single := any(out).([]float32)
	n := len(out) &^ 7
	if !single || !vectors || n == 0 {
		return 0
	}
	ff, hf := any(f).([]float32)[:n], any(h).([]float32)[:n]
	mixAVX(n, &o[0], &ff[0], &hf[0], float32(beta))
	return n
}

func dotDifferenceFast[F float](g, f, h []F, r *[8]float64) int {
	gf, single := any(g).([]float32)
	n := len(g) &^ 7
	if !single || !vectors || n == 0 {
		return 0
	}
	ff, hf := any(f).([]float32)[:n], any(h).([]float32)[:n]
	dotDifferenceAVX(n, &gf[0], &ff[0], &hf[0], r)
	return n
}
