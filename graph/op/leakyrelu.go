package op

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"
)

// LeakyRelu is the rectifier that lets some of what is negative through. Its slope at 0 is a.
//
//	h = z where z > 0, a z elsewhere
//
//	a  slope of the negative side, above 0 and at most 1
//
// z receives LeakyGate(g, h, a). NaN stays NaN. It is not relu for a = 0, which would make NaN of
// −Inf: that is Relu.
//
// Source: Maas, Hannun & Ng, Rectifier nonlinearities improve neural network acoustic models,
// ICML 2013.
func (b *Builder) LeakyRelu(z *G.Node, slope float64) *G.Node {
	if !b.usable([]*G.Node{z}) || !b.leaks("LeakyRelu", slope) {
		return nil
	}
	return b.node(spec{
		kind:  "LeakyRelu",
		shape: z.Shape(),
		f32:   func(out []float32, in [][]float32) { leakyGate(out, in[0], in[0], float32(slope)) },
		f64:   func(out []float64, in [][]float64) { leakyGate(out, in[0], in[0], slope) },
		grad:  func(_ int, h, g, acc *G.Node) *G.Node { return b.sum(acc, b.LeakyGate(g, h, slope)) },
		over:  []int{0},
	}, z)
}

// LeakyGate multiplies an array by the slope of LeakyRelu, read from its activity of the same
// shape, or from its input: both have one sign.
//
//	c = a where h > 0, slope a elsewhere
//
// a receives LeakyGate(g, h, slope); h receives nothing, since φ′ is constant almost everywhere.
// Where h is NaN, so is c.
func (b *Builder) LeakyGate(x, h *G.Node, slope float64) *G.Node {
	if !b.usable([]*G.Node{x, h}) || !b.leaks("LeakyGate", slope) {
		return nil
	}
	if !same(x.Shape(), h.Shape()) {
		return b.misfit("LeakyGate", "equal shapes", x, h)
	}
	return b.node(spec{
		kind:  "LeakyGate",
		shape: x.Shape(),
		f32:   func(out []float32, in [][]float32) { leakyGate(out, in[0], in[1], float32(slope)) },
		f64:   func(out []float64, in [][]float64) { leakyGate(out, in[0], in[1], slope) },
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.LeakyGate(g, h, slope)) },
		over:  []int{0, 1},
		fixed: []bool{false, true},
	}, x, h)
}

func (b *Builder) leaks(op string, slope float64) bool {
	if slope > 0 && slope <= 1 {
		return true
	}
	b.fail(fmt.Errorf("%s of slope %v (%v): want a slope above 0 and at most 1 (0 is relu)", op, slope, b.label))
	return false
}

// leakyGate compares bit patterns, as gate does: −∞ … +0 are those from sign on, and 0.
func leakyGate[F float](out, x, h []F, slope F) {
	switch out := any(out).(type) {
	case []float32:
		x, h := any(x).([]float32)[:len(out)], bits32(any(h).([]float32))[:len(out)]
		one, leak := math.Float32bits(1), math.Float32bits(float32(slope))
		for i, t := range h {
			f := one
			if t-sign32 <= inf32 {
				f = leak
			}
			if t == 0 {
				f = leak
			}
			if t&^sign32 > inf32 {
				f = t
			}
			out[i] = x[i] * math.Float32frombits(f)
		}
	case []float64:
		x, h := any(x).([]float64)[:len(out)], bits64(any(h).([]float64))[:len(out)]
		one, leak := math.Float64bits(1), math.Float64bits(float64(slope))
		for i, t := range h {
			f := one
			if t-sign64 <= inf64 {
				f = leak
			}
			if t == 0 {
				f = leak
			}
			if t&^sign64 > inf64 {
				f = t
			}
			out[i] = x[i] * math.Float64frombits(f)
		}
	}
}
