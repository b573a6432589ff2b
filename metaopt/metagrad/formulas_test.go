package metagrad_test

import (
	"fmt"
	"math/cmplx"
	"strconv"
	"strings"
)

// The formulas of testdata/golden/README.md once more, in plain loops over complex numbers, with
// nothing of package graph. A derivative is the imaginary part that an imaginary step leaves
// (Squire & Trapp, SIAM Review 40 (1998) 110-112): exact to rounding, whatever the step; and what
// is a constant for the outer gradient loses its imaginary part.

// formulas are a learner on a network and the sizes of an episode. The zero value of a setting is
// what it means in a case that does not give it.
type formulas struct {
	classes                bool // cross_entropy, otherwise mse
	blocks                 []block
	input                  []int
	steps, batch, query    int
	rule, pathway, signal  string
	linear, gated, clamped bool   // feedback
	psi                    string // of feedback; where it is not given, linear or relu as linear says
	detach, first          bool
	bias, mean             bool
	outputOnly, hiddenOnly bool
	granularity            string
	rate, hiddenScale      float64 // hidden scale 0 stands for 1
	strength               float64
	fixed                  bool     // strength is β everywhere, and there are no arrays of it
	constant               []string // beginnings of the names of arrays that are not learned
	constantPlasticWeights bool
	params                 map[string][]complex128
	xs, ys, xq, yq         []float64

	own, output *spec // rules with parameters or state; nil stands for rule, and for own
	modulator   string
	per         string  // of rule parameters; empty stands for network
	penalty     float64 // on those that are to be sparse
	readout     string  // empty stands for dot
	queryWeight float64 // weight of the query's loss, 0 for 1, and of the stream's
	stream      float64
	reward      []float64

	slow map[string][]complex128 // what an episode begins with
}

func (f *formulas) plastic(l int) bool {
	output := l == len(f.blocks)-1
	return f.blocks[l].plastic && !(f.outputOnly && !output) && !(f.hiddenOnly && output)
}

func (f *formulas) lowest() int {
	for l := range f.blocks {
		if f.plastic(l) {
			return l
		}
	}
	return len(f.blocks)
}

func (f *formulas) outputs() int { return f.blocks[len(f.blocks)-1].out }

// mixes says whether p is β f + (1−β) h.
func (f *formulas) mixes() bool { return f.pathway != "none" && !(f.fixed && f.strength == 1) }

// shapes are the parameter arrays that inputs.npz has.
func (f *formulas) shapes() map[string][]int {
	s := map[string][]int{}
	last := len(f.blocks) - 1
	for l, b := range f.blocks {
		at := func(name string, shape ...int) { s[fmt.Sprint(name, l)] = shape }
		at("W", b.weights()...)
		at("b", b.out)
		if f.pathway == "layered" && l > f.lowest() {
			at("B", b.weights()...)
			at("c", b.in)
		}
		if !f.plastic(l) {
			continue
		}
		if f.pathway == "direct" && !(f.clamped && l == last) {
			at("B", b.out, f.outputs())
			at("c", b.out)
		}
		if f.mixes() && !f.fixed {
			at("beta", 1)
		}
		switch f.granularity {
		case "synapse":
			at("alpha", b.weights()...)
			if f.bias {
				at("alpha_b", b.out)
			}
		case "neuron":
			at("alpha", b.out)
		case "layer":
			at("alpha", 1)
		}
	}
	if f.granularity == "network" {
		s["alpha"] = []int{1}
	}
	f.ownShapes(s)
	return s
}

// activate is φ(z), and φ′(z) as a formula of z, not of the activity: its imaginary part is φ″.
func activate(name string, z complex128) (phi, slope complex128) {
	kind, rest, _ := strings.Cut(name, "(")
	number, _ := strconv.ParseFloat(strings.TrimSuffix(rest, ")"), 64)
	switch kind {
	case "linear":
		return z, 1
	case "relu": // its slope at 0 is 0
		if real(z) > 0 {
			return z, 1
		}
		return 0, 0
	case "leaky_relu":
		if real(z) > 0 {
			return z, 1
		}
		if rest == "" {
			number = 0.01
		}
		return complex(number, 0) * z, complex(number, 0)
	case "tanh":
		return cmplx.Tanh(z), 1 / (cmplx.Cosh(z) * cmplx.Cosh(z))
	case "sigmoid":
		return 1 / (1 + cmplx.Exp(-z)), 1 / (2 + cmplx.Exp(z) + cmplx.Exp(-z))
	case "softplus":
		if rest == "" {
			number = 1
		}
		s := complex(number, 0)
		return cmplx.Log(1+cmplx.Exp(s*z)) / s, 1 / (1 + cmplx.Exp(-s*z))
	}
	panic("no activation " + name)
}

// forward returns h_0 … h_L of one example, and φ′ of each unit of layer l.
func (f *formulas) forward(w map[string][]complex128, x []float64) (h, slopes [][]complex128) {
	h = [][]complex128{make([]complex128, len(x))}
	for i, v := range x {
		h[0][i] = complex(v, 0)
	}
	for l, b := range f.blocks {
		units, slope := make([]complex128, b.out*b.positions()), make([]complex128, b.out*b.positions())
		for o := range b.out {
			for k, patch := range b.patch {
				sum := w[fmt.Sprint("b", l)][o]
				switch {
				case l == len(f.blocks)-1 && f.readout == "rule":
					sum += f.ruleAt(l).read(f.known(w, l), h[l], o)
				default:
					for q, i := range patch {
						if i >= 0 {
							sum += w[fmt.Sprint("W", l)][o*b.fan()+q] * h[l][i]
						}
					}
				}
				if l == len(f.blocks)-1 && f.readout == "distance" {
					for q := range b.fan() {
						v := w[fmt.Sprint("W", l)][o*b.fan()+q]
						sum -= v * v / 2
					}
				}
				units[o*b.positions()+k], slope[o*b.positions()+k] = activate(b.activation, sum)
			}
		}
		h, slopes = append(h, units), append(slopes, slope)
	}
	return h, slopes
}

func softmax(z []complex128) []complex128 {
	p, sum := make([]complex128, len(z)), complex128(0)
	for i := range z {
		p[i] = cmplx.Exp(z[i])
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// down is s of one example.
func (f *formulas) down(yhat []complex128, y []float64) []complex128 {
	s := make([]complex128, len(y))
	p := softmax(yhat)
	for i := range s {
		target := complex(y[i], 0)
		switch {
		case f.signal == "target":
			s[i] = target
		case f.classes:
			s[i] = (target - p[i]) / complex(float64(f.batch), 0)
		case f.signal == "gradient":
			s[i] = 2 * (target - yhat[i]) / complex(float64(f.batch*len(y)), 0)
		default:
			s[i] = target - yhat[i]
		}
		if f.detach && f.signal != "target" {
			s[i] = complex(real(s[i]), 0)
		}
	}
	return s
}

// feedback is f_l of one example, nil for a layer that has none.
func (f *formulas) feedback(w map[string][]complex128, slopes [][]complex128, s []complex128) [][]complex128 {
	all := make([][]complex128, len(f.blocks))
	last := len(f.blocks) - 1
	psi := func(z complex128) complex128 {
		name := f.psi
		switch {
		case name != "":
		case f.linear:
			name = "linear"
		default:
			name = "relu"
		}
		phi, _ := activate(name, z)
		return phi
	}
	if f.pathway == "direct" {
		for l, b := range f.blocks {
			B, c := w[fmt.Sprint("B", l)], w[fmt.Sprint("c", l)]
			if B == nil {
				continue
			}
			all[l] = make([]complex128, b.out*b.positions())
			for i := range all[l] {
				o := i / b.positions()
				sum := c[o]
				for k, v := range s {
					sum += B[o*len(s)+k] * v
				}
				if sum = psi(sum); f.gated {
					sum *= slopes[l][i]
				}
				all[l][i] = sum
			}
		}
		return all
	}
	if f.pathway == "none" {
		return all
	}
	all[last] = s
	for l := last; l > f.lowest(); l-- {
		b := f.blocks[l]
		through, backprop := w[fmt.Sprint("B", l)], f.pathway == "backprop"
		if backprop {
			through = w[fmt.Sprint("W", l)]
		}
		down := make([]complex128, b.below)
		for o := range b.out {
			for k, patch := range b.patch {
				for q, i := range patch {
					if i >= 0 {
						down[i] += through[o*b.fan()+q] * all[l][o*b.positions()+k]
					}
				}
			}
		}
		for i := range down {
			if !backprop {
				down[i] = psi(down[i] + w[fmt.Sprint("c", l)][i*b.in/b.below])
			}
			if backprop || f.gated {
				down[i] *= slopes[l-1][i]
			}
		}
		all[l-1] = down
	}
	return all
}
