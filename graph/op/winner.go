package op

import (
	"math"

	G "gorgonia.org/gorgonia"
)

// Winner is 1 at the largest element of each row and 0 elsewhere; of several that are largest the first
// has it. A row with NaN is NaN.
//
//	c[n,k] = 1 if k = argmax_j z[n,j], else 0   [N,K]
//
// It is constant almost everywhere: z receives nothing.
func (b *Builder) Winner(z *G.Node) *G.Node {
	if !b.usable([]*G.Node{z}) {
		return nil
	}
	s := z.Shape()
	if s.Dims() != 2 {
		return b.misfit("Winner", "a matrix [N,K]", z)
	}
	return b.node(spec{
		kind:  "Winner",
		shape: s,
		f32:   func(out []float32, in [][]float32) { winner(out, in[0], s[1]) },
		f64:   func(out []float64, in [][]float64) { winner(out, in[0], s[1]) },
		fixed: []bool{true},
	}, z)
}

func winner[F float](out, z []F, k int) {
	for i := 0; i < len(z); i += k {
		row, best, bad := z[i:i+k], 0, false
		for j, v := range row {
			bad = bad || v != v
			if v > row[best] {
				best = j
			}
		}
		if bad {
			fill(out[i:i+k], F(math.NaN()))
			continue
		}
		fill(out[i:i+k], 0)
		out[i+best] = 1
	}
}
