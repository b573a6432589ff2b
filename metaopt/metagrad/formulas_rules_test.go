package metagrad_test

import (
	"fmt"
	"math/cmplx"
	"slices"
	"strings"
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

// power is x^n, with 0⁰ = 1.
func power(x complex128, n byte) complex128 {
	p := complex128(1)
	for range n - '0' {
		p *= x
	}
	return p
}

// taylor is the change of a synapse by one row.
func (r *spec) taylor(v *view, n, i, j int) (sum complex128) {
	p, x := v.post[n][i], complex128(1)
	if r.word["post"] == "activity" {
		p = v.activity[n][i]
	}
	switch r.word["factor"] {
	case "feedback":
		x = v.feedback[n][i]
	case "modulator":
		x = v.m[n]
	}
	for _, t := range r.terms {
		d := v.number("theta_"+t, i) * power(v.pre[n][j], t[0]) * power(p, t[1]) * power(v.w[i][j], t[2])
		if len(t) > 3 {
			d *= power(x, t[3])
		}
		sum += d
	}
	return sum
}

// pool is the change of a synapse by one row, in the symbols of the rule.
func (r *spec) pool(v *view, n, i, j int) (sum complex128) {
	y, h, f, g := v.says[n], v.pre[n], v.feedback[n], v.preFeedback[n]
	for _, t := range r.terms {
		if g == nil && strings.Contains("1 2 4 6 7 8", t) {
			continue
		}
		layer, back, through, subspace := complex128(0), complex128(0), complex128(0), complex128(0)
		for k := range y {
			layer += y[k]
			subspace += y[i] * y[k] * v.w[k][j]
			for q := range h {
				if g != nil {
					back += y[k] * v.w[k][q] * g[q]
				}
				if f != nil {
					through += h[q] * v.w[k][q] * f[k]
				}
			}
		}
		if r.word["oja"] == "local" {
			subspace = y[i] * y[i] * v.w[i][j]
		}
		var d complex128
		switch t {
		case "0":
			d = f[i] * h[j]
		case "1":
			d = y[i] * g[j]
		case "2":
			d = -f[i] * g[j]
		case "3":
			d = -v.w[i][j]
		case "4":
			d = g[j]
		case "5":
			d = layer * f[i] * h[j]
		case "6":
			d = -back * y[i] * g[j]
		case "7":
			d = -back * f[i] * h[j]
		case "8":
			d = -through * y[i] * g[j]
		case "9":
			d = y[i]*h[j] - subspace
		}
		sum += v.number("theta_"+t, i) * d
	}
	return sum
}

// gaussian is the change of means, with the counts and half sums of squares after the step. A weight is the same
// for all rows.
func (r *spec) gaussian(v *view, weight []complex128) ([][]complex128, map[string][]complex128) {
	out, in := len(v.w), len(v.w[0])
	delta, n, s := zeros(out, in), slices.Clone(v.state("n")), slices.Clone(v.state("s"))
	for i := range out {
		p := make([]complex128, len(v.post))
		for k, row := range v.post {
			if real(row[i]) > 0 {
				p[k] = row[i]
			}
			n[i] += p[k]
		}
		for j := range in {
			squares := complex128(0)
			for k, row := range v.pre {
				away := row[j] - v.w[i][j]
				delta[i][j] += p[k] * away
				squares += p[k] * away * away
			}
			if real(n[i]) > 1e-6 {
				delta[i][j] /= n[i]
			} else {
				delta[i][j] /= 1e-6
			}
			s[i*in+j] += (squares - n[i]*delta[i][j]*delta[i][j]) / 2
		}
	}
	if weight != nil {
		for i := range delta {
			for j := range delta[i] {
				delta[i][j] *= weight[0]
			}
		}
	}
	return delta, map[string][]complex128{"n": n, "s": s}
}

// read is the logit of unit i for one example, as the rule says.
func (r *spec) read(v *view, h []complex128, i int) (z complex128) {
	in := len(h)
	prior := complex(r.x["prior"], 0)
	a := 1 + cmplx.Exp(v.number("log_alpha", i)) + (v.state("n")[i]-prior)/2
	for j := range h {
		b := cmplx.Exp(v.number("log_beta", i)) + v.state("s")[i*in+j]
		away := h[j] - v.w[i][j]
		if r.word["readout"] == "map" {
			variance := b / (a - 1)
			z += -away*away/(2*variance) - cmplx.Log(variance)/2
			continue
		}
		z += logGamma(a+0.5) - logGamma(a) + a*cmplx.Log(b) - (a+0.5)*cmplx.Log(b+away*away/2)
	}
	return z
}

// logGamma is by Stirling's series at z + 20, of terms below 1e-16 there, and by the recurrence down to z.
func logGamma(z complex128) complex128 {
	product := complex128(1)
	for range 20 {
		product *= z
		z++
	}
	series := 1/(12*z) - 1/(360*z*z*z) + 1/(1260*z*z*z*z*z) - 1/(1680*z*z*z*z*z*z*z)
	return (z-0.5)*cmplx.Log(z) - z + cmplx.Log(2*cmplx.Acos(-1))/2 + series - cmplx.Log(product)
}

// stateName is that of a variable's array at weights W or biases b.
func stateName(array, variable string, l int) string {
	if array == "b" {
		return fmt.Sprintf("state_b.%s.%d", variable, l)
	}
	return fmt.Sprintf("state.%s.%d", variable, l)
}
