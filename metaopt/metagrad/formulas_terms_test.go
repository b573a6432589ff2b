package metagrad_test

import (
	"math/cmplx"
	"slices"
	"strings"
)

// The rules that are more than a line.

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
