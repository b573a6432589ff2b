package op

// each is f of each element, worked out in double precision and rounded once. It is for functions
// that cost much more than a call of one that is handed over: loops that call theirs by name are
// several times as fast as this with an exponential.
func each[F float](out, x []F, f func(float64) float64) {
	x = x[:len(out)]
	for i, v := range x {
		out[i] = F(f(float64(v)))
	}
}
