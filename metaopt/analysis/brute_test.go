package analysis

import (
	"fmt"
	"math"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/metaopt/evaluate"
)

// brute is a dense relu network and its learner written out for slices: the reference for the
// measures. It shares nothing with package graph but the layout of θ.
type brute struct {
	loss    string
	sizes   []int
	w, b    [][]float64 // by layer
	l       graph.Learner
	alpha   [][]float64 // [out·in], where the learner has one
	beta    []float64
	fb, fc  [][]float64 // B [out,n_L], c [out]
	outputs int
}

func newBrute(s evaluate.Subject) *brute {
	n := s.Graph.Network
	r := &brute{loss: n.Loss, sizes: []int{product(n.Input)}, l: s.Graph.Learners[0].Learner, outputs: n.Outputs()}
	layout, err := graph.NewLayout(n, r.l)
	if err != nil {
		panic(err)
	}
	of := func(name string, l int) []float64 {
		p, ok := layout.Find(fmt.Sprint(name, l))
		if !ok {
			return nil
		}
		return append([]float64(nil), p.Of(s.Theta)...)
	}
	for l, layer := range n.Layers {
		r.sizes = append(r.sizes, layer.Out)
		r.w, r.b = append(r.w, of("W", l)), append(r.b, of("b", l))
		r.alpha, r.fb, r.fc = append(r.alpha, of("alpha", l)), append(r.fb, of("B", l)), append(r.fc, of("c", l))
		beta := 1.0
		if v := of("beta", l); v != nil {
			beta = v[0]
		}
		r.beta = append(r.beta, beta)
	}
	return r
}

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// forward returns h_0 … h_L of an example.
func (r *brute) forward(x []float64) [][]float64 {
	h := [][]float64{x}
	for l := range r.w {
		z := append([]float64(nil), r.b[l]...)
		for i := range z {
			for j, v := range h[l] {
				z[i] += r.w[l][i*len(h[l])+j] * v
			}
			if l < len(r.w)-1 {
				z[i] = math.Max(0, z[i])
			}
		}
		h = append(h, z)
	}
	return h
}

// error is y − ŷ, or (y − softmax ŷ), of an example, and its loss.
func (r *brute) error(yhat, y []float64) (e []float64, loss float64) {
	e = make([]float64, len(y))
	sum := 0.0
	for _, v := range yhat {
		sum += math.Exp(v)
	}
	for k := range y {
		if r.loss == objective.MSE {
			e[k] = y[k] - yhat[k]
			loss += e[k] * e[k] / float64(len(y))
			continue
		}
		p := math.Exp(yhat[k]) / sum
		e[k] = y[k] - p
		loss -= y[k] * math.Log(p)
	}
	return e, loss
}

// mean loss over examples.
func (r *brute) mean(x, y []float64) float64 {
	n, sum := len(y)/r.outputs, 0.0
	for e := range n {
		h := r.forward(x[e*r.sizes[0] : (e+1)*r.sizes[0]])
		_, loss := r.error(h[len(h)-1], y[e*r.outputs:(e+1)*r.outputs])
		sum += loss
	}
	return sum / float64(n)
}

// accuracy of the mean outputs.
func (r *brute) accuracy(x, y []float64) float64 {
	n, right := len(y)/r.outputs, 0.0
	for e := range n {
		h := r.forward(x[e*r.sizes[0] : (e+1)*r.sizes[0]])
		best := 0
		for k, v := range h[len(h)-1] {
			if v > h[len(h)-1][best] {
				best = k
			}
		}
		right += y[e*r.outputs+best]
	}
	return right / float64(n)
}

// plastic are the fast weights, as slices that can be written to: W, and b if plastic.
func (r *brute) plastic() [][]float64 {
	var f [][]float64
	for l := range r.w {
		f = append(f, r.w[l])
		if r.l.PlasticBias {
			f = append(f, r.b[l])
		}
	}
	return f
}

// move adds a multiple of a vector of all fast weights to them.
func (r *brute) move(v []float64, by float64) {
	for _, f := range r.plastic() {
		for i := range f {
			f[i] += by * v[i]
		}
		v = v[len(f):]
	}
}

// gradient by central differences, extrapolated.
func (r *brute) gradient(x, y []float64) []float64 {
	var g []float64
	for _, f := range r.plastic() {
		for i, w := range f {
			slope := func(h float64) float64 {
				f[i] = w + h
				up := r.mean(x, y)
				f[i] = w - h
				down := r.mean(x, y)
				f[i] = w
				return (up - down) / (2 * h)
			}
			const h = 1e-5
			g = append(g, (4*slope(h/2)-slope(h))/3)
		}
	}
	return g
}

// update is ΔW of the learner. For gradient descent it is −η∇L; else it is that of direct linear
// feedback of the error and Oja's rule, from the formulas of graph.Learner.
func (r *brute) update(x, y []float64) []float64 {
	if r.l.Pathway == "backprop" {
		g := r.gradient(x, y)
		for i := range g {
			g[i] *= -r.l.InnerLR
		}
		return g
	}
	n := len(y) / r.outputs
	delta := make([][]float64, len(r.w))
	for l := range delta {
		delta[l] = make([]float64, len(r.w[l]))
	}
	for e := range n {
		h := r.forward(x[e*r.sizes[0] : (e+1)*r.sizes[0]])
		s, _ := r.error(h[len(h)-1], y[e*r.outputs:(e+1)*r.outputs])
		for l := range r.w {
			in := r.sizes[l]
			for i := range r.sizes[l+1] {
				f := r.fc[l][i]
				for k, v := range s {
					if r.loss == objective.CrossEntropy {
						v /= float64(n)
					}
					f += v * r.fb[l][i*r.outputs+k]
				}
				p := r.beta[l]*f + (1-r.beta[l])*h[l+1][i]
				for j := range in {
					w := r.w[l][i*in+j]
					delta[l][i*in+j] += (p*h[l][j] - p*p*w) / float64(n)
				}
			}
		}
	}
	var v []float64
	for l := range delta {
		for i, d := range delta[l] {
			v = append(v, r.alpha[l][i]*d)
		}
	}
	return v
}
