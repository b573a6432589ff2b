package op

import (
	"math"

	G "gorgonia.org/gorgonia"
)

// LogDistance is how far examples are from rows of a matrix, in the measure that Student's distribution has.
//
//	c[m,i] = Σ_j log(b[i,j] + ½ (x[m,j] − w[i,j])²)   [M,out]
//
//	x  [M,in]
//	w  [out,in]
//	b  [out,in]  positive
//
// With t = 1/(b + ½ d²) and d = x − w, x receives Σ_i g d t, w the negative of Σ_m g d t, b Σ_m g t: all in one pass, in
// which nothing of [M,out,in] is stored. Second derivatives are those of the composition out of other ops, which
// does store it. Sums over j accumulate in float64. Cost: M·out·in multiplications and an eighth of as many
// logarithms; as many divisions in the reverse pass.
func (b *Builder) LogDistance(x, w, rate *G.Node) *G.Node {
	operands := []*G.Node{x, w, rate}
	if !b.usable(operands) {
		return nil
	}
	if x.Dims() != 2 || w.Dims() != 2 || x.Shape()[1] != w.Shape()[1] || !same(w.Shape(), rate.Shape()) {
		return b.misfit("LogDistance", "[M,in], [out,in] and [out,in]", operands...)
	}
	s := logDistance{m: x.Shape()[0], out: w.Shape()[0], in: w.Shape()[1]}
	if !b.fused {
		return s.composed(b, operands)
	}
	return b.node(spec{
		kind:  "LogDistance",
		shape: []int{s.m, s.out},
		work: &work{
			pieces: s.m,
			f32:    func(out, in [][]float32, m int, _ []float32) { logDistanceRow(s, out[0], in, m) },
			f64:    func(out, in [][]float64, m int, _ []float64) { logDistanceRow(s, out[0], in, m) },
		},
		pull: func(_, g *G.Node, want []bool, acc []*G.Node) []*G.Node { return s.back(b, operands, g, want, acc) },
	}, operands...)
}

// logDistance is the sizes.
type logDistance struct{ m, out, in int }

// factors are multiplied before a logarithm is taken: numbers of float32 so many do not overflow in float64.
const factors = 8

func logDistanceRow[F float](s logDistance, out []F, in [][]F, m int) {
	x := in[0][m*s.in:][:s.in]
	for i := range s.out {
		w, rate := in[1][i*s.in:][:s.in], in[2][i*s.in:][:s.in]
		sum := 0.0
		for from := 0; from < s.in; from += factors {
			to := min(from+factors, s.in)
			product := 1.0
			for j := from; j < to; j++ {
				product *= float64(rate[j] + (x[j]-w[j])*(x[j]-w[j])/2)
			}
			if product > 1e-290 && product < 1e290 {
				sum += math.Log(product)
				continue
			}
			for j := from; j < to; j++ { // too large or too small, or no number
				sum += math.Log(float64(rate[j] + (x[j]-w[j])*(x[j]-w[j])/2))
			}
		}
		out[m*s.out+i] = F(sum)
	}
}

// back makes what the operands receive.
func (s logDistance) back(b *Builder, operands []*G.Node, g *G.Node, want []bool, acc []*G.Node) []*G.Node {
	pass := &work{
		pieces: 1,
		f32:    func(out, in [][]float32, _ int, _ []float32) { logDistanceBack(s, out, in[0], in[1:]) },
		f64:    func(out, in [][]float64, _ int, _ []float64) { logDistanceBack(s, out, in[0], in[1:]) },
	}
	return b.onePass("LogDistanceBack", pass, func() *G.Node { return s.composed(b, operands) }, operands, g, want, acc)
}

func logDistanceBack[F float](s logDistance, out [][]F, g []F, in [][]F) {
	var of [3][]F // nil where it is not asked for
	copy(of[:], out)
	for _, o := range of {
		clear(o)
	}
	for m := range s.m {
		x := in[0][m*s.in:][:s.in]
		for i := range s.out {
			at, g := i*s.in, g[m*s.out+i]
			w, rate := in[1][at:][:s.in], in[2][at:][:s.in]
			for j := range w {
				d := x[j] - w[j]
				t := g / (rate[j] + d*d/2)
				if of[0] != nil {
					of[0][m*s.in+j] += t * d
				}
				if of[1] != nil {
					of[1][at+j] -= t * d
				}
				if of[2] != nil {
					of[2][at+j] += t
				}
			}
		}
	}
}

// composed is the same out of other ops, with arrays of [M·out,in].
func (s logDistance) composed(b *Builder, o []*G.Node) *G.Node {
	d := b.Sub(b.EachPost(o[0], s.out), b.EachExample(o[1], s.m))
	return b.Reshape(b.RowSum(b.Log(b.AddScaled(b.EachExample(o[2], s.m), b.Mul(d, d), 0.5))), s.m, s.out)
}
