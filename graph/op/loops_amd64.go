package op

// Loops over float32 that an episode spends its time with. The order of operations is that of
// the loops in Go, so that the results are the same bits. Each …Fast does the first elements
// and returns how many: none in float64, or without kernels. Memory is what these loops wait
// for: registers of 16 made them no faster, so that both sets have those of eight.

// fastElements is how many of n elements the kernels do.
func fastElements(n int) int {
	if vectorWidth == 0 {
		return 0
	}
	return n &^ 7
}

func biasReluFast(o, bias []float32) int {
	n := fastElements(len(o))
	if n == 0 {
		return 0
	}
	bias = bias[:n]
	biasReluAVX2(n, &o[0], &bias[0])
	return n
}

func gateFast(out, x, h []uint32) int {
	n := fastElements(len(out))
	if n == 0 {
		return 0
	}
	x, h = x[:n], h[:n]
	gateAVX2(n, &out[0], &x[0], &h[0])
	return n
}

func addScaledFast[F float](out, x, y []F, s F) int {
	o, single := any(out).([]float32)
	n := fastElements(len(out))
	if !single || n == 0 {
		return 0
	}
	xf, yf := any(x).([]float32)[:n], any(y).([]float32)[:n]
	addScaledAVX2(n, &o[0], &xf[0], &yf[0], float32(s))
	return n
}

func scaleFast[F float](out, x []F, s F) int {
	o, single := any(out).([]float32)
	n := fastElements(len(out))
	if !single || n == 0 {
		return 0
	}
	xf := any(x).([]float32)[:n]
	scaleAVX2(n, &o[0], &xf[0], float32(s))
	return n
}

func mulFast[F float](out, x, y []F) int {
	o, single := any(out).([]float32)
	n := fastElements(len(out))
	if !single || n == 0 {
		return 0
	}
	xf, yf := any(x).([]float32)[:n], any(y).([]float32)[:n]
	multiplyAVX2(n, &o[0], &xf[0], &yf[0])
	return n
}

func mulAddFast[F float](out, x, y, z []F) int {
	o, single := any(out).([]float32)
	n := fastElements(len(out))
	if !single || n == 0 {
		return 0
	}
	xf, yf, zf := any(x).([]float32)[:n], any(y).([]float32)[:n], any(z).([]float32)[:n]
	multiplyAddAVX2(n, &o[0], &xf[0], &yf[0], &zf[0])
	return n
}

func mixFast[F float](out, f, h []F, beta F) int {
	o, single := any(out).([]float32)
	n := fastElements(len(out))
	if !single || n == 0 {
		return 0
	}
	ff, hf := any(f).([]float32)[:n], any(h).([]float32)[:n]
	mixAVX2(n, &o[0], &ff[0], &hf[0], float32(beta))
	return n
}

func dotDifferenceFast[F float](g, f, h []F, r *[8]float64) int {
	gf, single := any(g).([]float32)
	n := fastElements(len(g))
	if !single || n == 0 {
		return 0
	}
	ff, hf := any(f).([]float32)[:n], any(h).([]float32)[:n]
	dotDifferenceAVX2(n, &gf[0], &ff[0], &hf[0], r)
	return n
}
