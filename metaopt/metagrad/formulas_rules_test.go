package metagrad_test

import (
	"fmt"
	"math/cmplx"
	"slices"
)

// The rules once more, from their formulas, one example after the other.

// view is what synapses see of the examples of a step, those at each position of a convolution one after the other.
type view struct {
	example                        []int          // which example of the step a row is of
	pre, preFeedback               [][]complex128 // by row; preFeedback[0] is nil where there is none
	post, feedback, activity, says [][]complex128 // says is the activity, softmax ŷ of an output layer under cross-entropy
	m                              []complex128   // third factor by row
	w, initial                     [][]complex128
	theta                          func(param string) []complex128
	state                          func(variable string) []complex128
	rate                           func(i, j int) complex128 // κ α
	first                          bool
}

// spec is a rule with its settings.
type spec struct {
	name  string
	of    *spec
	word  map[string]string  // settings that are words
	x     map[string]float64 // settings that are numbers
	terms []string           // of taylor and pool
}

// plain is a rule without settings.
func plain(name string) *spec { return &spec{name: name} }

// number is a parameter's value in row i.
func (v *view) number(name string, i int) complex128 {
	t := v.theta(name)
	return t[min(i, len(t)-1)]
}

// matrix is a flat array by rows.
func matrix(x []complex128, rows int) (m [][]complex128) {
	cols := len(x) / rows
	for i := range rows {
		m = append(m, x[i*cols:(i+1)*cols])
	}
	return m
}

func zeros(rows, cols int) [][]complex128 {
	return matrix(make([]complex128, rows*cols), rows)
}

// update returns the weights after a step and the variables of the rule.
func (r *spec) update(v *view) ([][]complex128, map[string][]complex128) {
	out, in := len(v.w), len(v.w[0])
	var w [][]complex128
	var next map[string][]complex128
	switch r.name {
	case "decay", "clip", "normalise":
		w, next = r.of.update(v)
	default:
		delta, state := r.change(v, nil)
		next, w = state, zeros(out, in)
		for i := range w {
			for j := range w[i] {
				d := delta[i][j]
				if v.first {
					d = complex(real(d), 0)
				}
				w[i][j] = v.w[i][j] + v.rate(i, j)*d
			}
		}
		return w, next
	}
	for i := range w {
		length, own := complex128(0), complex128(0)
		for j := range w[i] {
			length += w[i][j] * w[i][j]
			own += v.initial[i][j] * v.initial[i][j]
		}
		if r.word["norm"] == "unit" {
			own = 1
		}
		for j := range w[i] {
			switch bound := r.x["bound"]; {
			case r.name == "decay":
				w[i][j] += (v.number("decay_lambda", i) - 1) * (v.w[i][j] - v.initial[i][j])
			case r.name == "normalise":
				if in > 1 {
					w[i][j] *= cmplx.Sqrt(own) / cmplx.Sqrt(length)
				}
			case real(w[i][j]) > bound:
				w[i][j] = complex(bound, 0)
			case real(w[i][j]) < -bound:
				w[i][j] = complex(-bound, 0)
			}
		}
	}
	return w, next
}

// change returns Δ and the variables after a step; weight multiplies what each row contributes to Δ, nil means 1.
func (r *spec) change(v *view, weight []complex128) ([][]complex128, map[string][]complex128) {
	if r.of != nil {
		return r.around(v, weight)
	}
	out, in := len(v.w), len(v.w[0])
	delta, next := zeros(out, in), map[string][]complex128{}
	rows := complex(float64(len(v.pre)), 0)
	if r.name == "gaussian" {
		return r.gaussian(v, weight)
	}
	means := func(of [][]complex128, i int) (mean complex128) {
		for _, row := range of {
			mean += row[i] / rows
		}
		return mean
	}
	for n := range v.pre {
		q := r.competing(v.post[n])
		for i := range out {
			for j := range in {
				h, p, w := v.pre[n][j], v.post[n][i], v.w[i][j]
				var d complex128
				switch r.name {
				case "hebb":
					d = p * h
				case "oja":
					d = p*h - p*p*w
				case "instar":
					d = q[i] * (h - w)
				case "bcm":
					d = p * (p - v.state("theta")[i]) * h
				case "covariance":
					if r.word["mean"] == "batch" {
						d = (p - means(v.post, i)) * (h - means(v.pre, j))
					} else {
						d = (p - v.state("mean_post")[i]) * (h - v.state("mean_pre")[j])
					}
				case "taylor":
					d = r.taylor(v, n, i, j)
				case "mlp":
					seen := []complex128{h, p, w}
					if r.word["feedback"] == "true" {
						seen = append(seen, v.feedback[n][i])
					}
					for k, output := range v.theta("output_weights") {
						z := v.theta("hidden_biases")[k]
						for q, x := range seen {
							z += v.theta("hidden_weights")[k*len(seen)+q] * x
						}
						d += output * cmplx.Tanh(z)
					}
				case "pool":
					d = r.pool(v, n, i, j)
				default:
					panic("no formula of rule " + r.name)
				}
				if weight != nil {
					d *= weight[n]
				}
				delta[i][j] += d
			}
		}
	}
	follow := func(name string, size int, target func(i int) complex128) {
		before := v.state(name)
		for i := range size {
			next[name] = append(next[name], before[i]+v.number("tau", i)*(target(i)-before[i]))
		}
	}
	switch {
	case r.name == "bcm":
		follow("theta", out, func(i int) (mean complex128) {
			for _, row := range v.post {
				mean += row[i] * row[i] / rows
			}
			return mean
		})
	case r.name == "covariance" && r.word["mean"] == "running":
		follow("mean_post", out, func(i int) complex128 { return means(v.post, i) })
		follow("mean_pre", in, func(j int) complex128 { return means(v.pre, j) })
	}
	return delta, next
}

// competing is q of one example.
func (r *spec) competing(p []complex128) []complex128 {
	if r.of != nil {
		return r.of.competing(p)
	}
	switch r.word["competition"] {
	case "softmax":
		return softmax(p)
	case "winner":
		q, best := make([]complex128, len(p)), 0
		for i := range p {
			if real(p[i]) > real(p[best]) {
				best = i
			}
		}
		q[best] = 1
		return q
	}
	return p
}

// around is the change of a rule of rules that has one.
func (r *spec) around(v *view, weight []complex128) ([][]complex128, map[string][]complex128) {
	switch r.name {
	case "trace":
		delta, next := r.of.change(v, weight)
		e := v.state("trace_e")
		mean := complex128(0)
		for _, m := range v.m {
			mean += m / complex(float64(len(v.m)), 0)
		}
		for i := range delta {
			for j := range delta[i] {
				lambda := v.number("trace_lambda", i)
				if r.word["average"] == "true" {
					delta[i][j] *= 1 - lambda
				}
				delta[i][j] += lambda * e[i*len(delta[i])+j]
			}
		}
		next["trace_e"] = slices.Concat(delta...)
		if r.word["modulated"] == "true" {
			delta = matrix(slices.Clone(next["trace_e"]), len(delta))
			for i := range delta {
				for j := range delta[i] {
					delta[i][j] *= mean
				}
			}
		}
		return delta, next
	case "modulated":
		both := slices.Clone(v.m)
		for n := range weight {
			both[n] *= weight[n]
		}
		delta, next := r.of.change(v, both)
		for i := range delta {
			for j := range delta[i] {
				delta[i][j] *= v.number("modulated_gain", i)
			}
		}
		return delta, next
	case "counted":
		delta, next := r.of.change(v, weight)
		n := slices.Clone(v.state("counted_n"))
		for i := range delta {
			for j := range delta[i] {
				delta[i][j] /= 1 + v.number("counted_rho", i)*n[i]
			}
			for _, p := range v.post {
				q := r.competing(p)[i]
				n[i] += q * q
			}
		}
		next["counted_n"] = n
		return delta, next
	}
	panic("no formula of rule " + r.name)
}

// stateName is that of a variable's array at weights W or biases b.
func stateName(array, variable string, l int) string {
	if array == "b" {
		return fmt.Sprintf("state_b.%s.%d", variable, l)
	}
	return fmt.Sprintf("state.%s.%d", variable, l)
}
