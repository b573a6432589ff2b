package bench

import "metaplast/graph/engine"

// cached is the size in bytes of the largest array that a core's own cache is taken to hold.
const cached = 256 << 10

// Roofline is the least work of an episode and the time that it would take.
type Roofline struct {
	FLOPs    float64 // of matrix products
	Bytes    float64 // of arrays larger than a core's cache
	Products float64 // seconds of the matrix products alone
	Seconds  float64 // the roofline
}

// roofline adds up the kernels of an episode.
func roofline(costs []engine.Cost, m *Machine, bandwidth float64) Roofline {
	var r Roofline
	for _, c := range costs {
		if c.Again {
			continue
		}
		var products, bytes float64
		for _, p := range c.Products {
			r.FLOPs += p.FLOPs()
			products += p.FLOPs() / m.Rate(p)
		}
		for _, a := range c.Arrays {
			if a >= cached {
				bytes += float64(a)
			}
		}
		r.Bytes += bytes
		r.Products += products
		r.Seconds += max(products, bytes/bandwidth)
	}
	return r
}
