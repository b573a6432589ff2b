package op

// Stream is what passes over weights do with memory, and as little else as possible:
//
//	x = x + s y
//
// for x and y of one length. It reads two streams and writes one, in place, and returns these
// bytes: a write to an array that was not read would have the processor read it too, uncounted.
func Stream(x, y []float32, s float32) (bytes float64) {
	const part = 1 << 18 // kernels are not interrupted: so much at a time
	y = y[:len(x)]
	for from := 0; from < len(x); from += part {
		to := min(from+part, len(x))
		addScaled(x[from:to], x[from:to], y[from:to], s)
	}
	return 3 * 4 * float64(len(x))
}
