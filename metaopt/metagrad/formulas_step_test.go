package metagrad_test

import (
	"fmt"
	"math"
	"math/cmplx"
	"slices"
	"strings"
)

// step changes w, with the rules' variables in it, by one batch. reward is that of its examples, if the
// case has any. It returns the mean loss of the answers that were given.
func (f *formulas) step(w map[string][]complex128, x, y, reward []float64) complex128 {
	last := len(f.blocks) - 1
	views := make([]*view, len(f.blocks))
	for l := range f.blocks {
		views[l] = &view{}
	}
	nx, ny := len(x)/f.batch, len(y)/f.batch
	loss := complex128(0)
	var signals, tops [][]complex128
	for n := range f.batch {
		h, slopes := f.forward(w, x[n*nx:(n+1)*nx])
		target := y[n*ny : (n+1)*ny]
		s := f.down(h[last+1], target)
		loss += f.loss(h[last+1], target, f.batch)
		signals, tops = append(signals, s), append(tops, h[last])
		fb := f.feedback(w, slopes, s)
		for l, b := range f.blocks {
			if f.plastic(l) {
				f.see(views[l], w, n, l, b, h, s, fb)
			}
		}
	}
	factor := f.factor(w, loss, signals, tops, reward)
	now := map[string][]complex128{} // all layers change at once
	for l, b := range f.blocks {
		if !f.plastic(l) {
			continue
		}
		scale := 1.0
		if f.hiddenScale != 0 && l < last {
			scale = f.hiddenScale
		}
		if f.mean {
			scale /= float64(f.batch)
		}
		if f.signal != "gradient" {
			scale /= float64(b.positions())
		}
		for _, array := range []string{"W", "b"} {
			if array == "b" && !f.bias {
				continue
			}
			name := fmt.Sprint(array, l)
			v := *views[l]
			if array == "b" { // synapses from a unit that is always 1
				v.pre, v.preFeedback = nil, make([][]complex128, len(v.post))
				for range v.post {
					v.pre = append(v.pre, []complex128{1})
				}
			}
			v.w, v.initial = matrix(w[name], b.out), matrix(f.slow[name], b.out)
			v.theta = func(array string) []complex128 { return w[f.ownName(l, array)] }
			v.state = func(variable string) []complex128 { return w[stateName(array, variable, l)] }
			if factor != nil {
				v.m = nil
				for _, n := range v.example {
					v.m = append(v.m, factor[n])
				}
			}
			v.rate = func(i, j int) complex128 {
				alpha := complex(f.rate, 0)
				switch f.granularity {
				case "synapse":
					alpha = w[strings.NewReplacer("W", "alpha", "b", "alpha_b").Replace(name)][i*len(v.pre[0])+j]
				case "neuron":
					alpha = w[fmt.Sprint("alpha", l)][i]
				case "layer":
					alpha = w[fmt.Sprint("alpha", l)][0]
				case "network":
					alpha = w["alpha"][0]
				}
				return complex(scale, 0) * alpha
			}
			v.first = f.first
			next, state := f.ruleAt(l).update(&v)
			now[name] = slices.Concat(next...)
			for variable, values := range state {
				now[stateName(array, variable, l)] = values
			}
		}
	}
	for name, values := range now {
		w[name] = values
	}
	return loss
}

// see adds what the synapses of layer l see of an example, which is one at each position.
func (f *formulas) see(v *view, w map[string][]complex128, n, l int, b block, h [][]complex128, s []complex128, fb [][]complex128) {
	last := len(f.blocks) - 1
	answers := h[l+1]
	if l == last && f.classes {
		answers = softmax(h[l+1])
	}
	for k, patch := range b.patch {
		var pre, preFeedback, post, feedback, activity, says []complex128
		for _, j := range patch {
			value, heard := complex128(0), complex128(0)
			if j >= 0 {
				value = h[l][j]
				if l > f.lowest() && fb[l-1] != nil {
					heard = fb[l-1][j]
				}
			}
			pre, preFeedback = append(pre, value), append(preFeedback, heard)
		}
		for o := range b.out {
			i := o*b.positions() + k
			p := h[l+1][i]
			switch {
			case l == last && f.clamped:
				p = s[i]
				feedback = append(feedback, s[i])
			case fb[l] == nil:
			case !f.mixes():
				p = fb[l][i]
				feedback = append(feedback, p)
			default:
				beta := complex(f.strength, 0)
				if !f.fixed {
					beta = w[fmt.Sprint("beta", l)][0]
				}
				feedback = append(feedback, fb[l][i])
				p = beta*fb[l][i] + (1-beta)*p
			}
			post, activity, says = append(post, p), append(activity, h[l+1][i]), append(says, answers[i])
		}
		if l == f.lowest() || fb[l-1] == nil {
			preFeedback = nil
		}
		v.example = append(v.example, n)
		v.pre, v.post, v.activity, v.says = append(v.pre, pre), append(v.post, post), append(v.activity, activity), append(v.says, says)
		v.feedback, v.preFeedback = append(v.feedback, feedback), append(v.preFeedback, preFeedback)
	}
}

// factor is the third factor of every example, nil if the learner has none.
func (f *formulas) factor(w map[string][]complex128, loss complex128, signals, tops [][]complex128, reward []float64) (m []complex128) {
	for n, s := range signals {
		switch f.modulator {
		case "":
			return nil
		case "constant":
			m = append(m, w["modulator.value"][0])
		case "loss":
			m = append(m, loss)
		case "error":
			sum := complex128(0)
			for _, x := range s {
				sum += x * x
			}
			m = append(m, cmplx.Sqrt(sum))
		case "reward":
			m = append(m, complex(reward[n], 0))
		case "readout":
			z := w["modulator.b"][0]
			for i, h := range tops[n] {
				z += h * w["modulator.w"][i]
			}
			m = append(m, cmplx.Tanh(z))
		}
	}
	return m
}

// loss is the share of one of some examples in their mean loss.
func (f *formulas) loss(yhat []complex128, y []float64, of int) (loss complex128) {
	p := softmax(yhat)
	for i := range y {
		target := complex(y[i], 0)
		if f.classes {
			loss -= target * cmplx.Log(p[i]) / complex(float64(of), 0)
		} else {
			loss += (yhat[i] - target) * (yhat[i] - target) / complex(float64(of*len(y)), 0)
		}
	}
	return loss
}

// run returns the outer loss and the weights and variables after all steps.
func (f *formulas) run(params map[string][]complex128) (complex128, map[string][]complex128) {
	w := map[string][]complex128{}
	for name, p := range params {
		w[name] = p
	}
	f.slow = params
	f.begin(w)
	nx, ny := len(f.xs)/f.steps, len(f.ys)/f.steps
	stream := complex128(0)
	for t := range f.steps {
		var reward []float64
		if f.reward != nil {
			reward = f.reward[t*f.batch : (t+1)*f.batch]
		}
		stream += f.step(w, f.xs[t*nx:(t+1)*nx], f.ys[t*ny:(t+1)*ny], reward)
	}
	loss := complex128(0)
	nx, ny = len(f.xq)/f.query, len(f.yq)/f.query
	for m := range f.query {
		h, _ := f.forward(w, f.xq[m*nx:(m+1)*nx])
		loss += f.loss(h[len(f.blocks)], f.yq[m*ny:(m+1)*ny], f.query)
	}
	if f.queryWeight != 0 || f.stream != 0 {
		loss *= complex(f.queryWeight, 0)
	}
	loss += complex(f.stream/float64(f.steps), 0) * stream
	return loss + f.sparsity(w), w
}

// derivative is ∂loss/∂params[name][i], 0 for what is not learned.
func (f *formulas) derivative(name string, i int) float64 {
	for _, c := range f.constant {
		if strings.HasPrefix(name, c) {
			return 0
		}
	}
	if l := int(name[len(name)-1] - '0'); f.constantPlasticWeights && name[0] == 'W' && f.plastic(l) {
		return 0
	}
	const h = 0x1p-100
	p := map[string][]complex128{}
	for n, values := range f.params {
		p[n] = values
	}
	p[name] = slices.Clone(p[name])
	p[name][i] += complex(0, h)
	loss, _ := f.run(p)
	return imag(loss) / h
}

// largest is the largest magnitude of an array.
func largest(x []float64) float64 {
	m := 0.0
	for _, v := range x {
		m = math.Max(m, math.Abs(v))
	}
	return m
}
