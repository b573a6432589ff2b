package metagrad_test

import (
	"fmt"
	"slices"
	"strings"

	"gorgonia.org/tensor"
)

// What rules and third factors have of their own: parameters and variables, with their names and shapes.

// parameter is one of a rule: a number, unless it has a shape.
type parameter struct {
	name   string
	shape  []int
	sparse bool
}

// variable is one of a rule: one for each synapse, post or pre.
type variable struct {
	name, per string
	initial   float64
	learned   bool
}

func (v variable) size(out, in int) []int {
	switch v.per {
	case "post":
		return []int{out}
	case "pre":
		return []int{in}
	}
	return []int{out, in}
}

func (r *spec) parameters() (list []parameter) {
	if r.of != nil {
		list = r.of.parameters()
	}
	add := func(sparse bool, names ...string) {
		for _, name := range names {
			list = append(list, parameter{name: name, sparse: sparse})
		}
	}
	switch r.name {
	case "trace", "decay":
		add(false, r.name+"_lambda")
	case "modulated":
		add(false, "modulated_gain")
	case "counted":
		add(false, "counted_rho")
	case "bcm":
		add(false, "tau")
	case "covariance":
		if r.word["mean"] == "running" {
			add(false, "tau")
		}
	case "gaussian":
		add(false, "log_alpha", "log_beta")
	case "mlp":
		hidden, inputs := int(r.x["hidden"]), 3
		if r.word["feedback"] == "true" {
			inputs = 4
		}
		list = append(list, parameter{name: "hidden_weights", shape: []int{hidden, inputs}},
			parameter{name: "hidden_biases", shape: []int{hidden}}, parameter{name: "output_weights", shape: []int{hidden}})
	case "taylor", "pool":
		for _, t := range r.terms {
			add(true, "theta_"+t)
		}
	}
	return list
}

func (r *spec) variables() (list []variable) {
	if r.of != nil {
		list = r.of.variables()
	}
	switch r.name {
	case "trace":
		list = append(list, variable{name: "trace_e"})
	case "counted":
		list = append(list, variable{name: "counted_n", per: "post"})
	case "bcm":
		list = append(list, variable{name: "theta", per: "post", initial: r.x["theta"], learned: r.word["learned"] == "true"})
	case "covariance":
		if r.word["mean"] == "running" {
			list = append(list, variable{name: "mean_pre", per: "pre"}, variable{name: "mean_post", per: "post"})
		}
	case "gaussian":
		list = append(list, variable{name: "n", per: "post", initial: r.x["prior"]}, variable{name: "s"})
	}
	return list
}

// ruleAt is the rule of a layer.
func (f *formulas) ruleAt(l int) *spec {
	if l == len(f.blocks)-1 && f.output != nil {
		return f.output
	}
	if f.own == nil {
		return plain(f.rule)
	}
	return f.own
}

// ownName is the name of the array of a parameter of layer l's rule.
func (f *formulas) ownName(l int, name string) string {
	switch {
	case l == len(f.blocks)-1 && f.output != nil:
		return "output_rule." + name
	case f.per == "layer" || f.per == "neuron":
		return fmt.Sprintf("rule.%s.%d", name, l)
	}
	return "rule." + name
}

// eachVariable goes through the variables of all plastic layers.
func (f *formulas) eachVariable(do func(name string, shape []int, v variable)) {
	for l, b := range f.blocks {
		if !f.plastic(l) {
			continue
		}
		for _, v := range f.ruleAt(l).variables() {
			do(stateName("W", v.name, l), v.size(b.out, b.fan()), v)
			if f.bias {
				do(stateName("b", v.name, l), v.size(b.out, 1), v)
			}
		}
	}
}

// ownShapes adds the arrays of rules and of the third factor.
func (f *formulas) ownShapes(s map[string][]int) {
	for l, b := range f.blocks {
		if !f.plastic(l) {
			continue
		}
		for _, p := range f.ruleAt(l).parameters() {
			switch {
			case p.shape != nil:
				s[f.ownName(l, p.name)] = p.shape
			case f.per == "neuron":
				s[f.ownName(l, p.name)] = []int{b.out}
			default:
				s[f.ownName(l, p.name)] = []int{1}
			}
		}
	}
	f.eachVariable(func(name string, shape []int, v variable) {
		if v.learned {
			s[name] = shape
		}
	})
	switch f.modulator {
	case "constant":
		s["modulator.value"] = []int{1}
	case "readout":
		s["modulator.w"], s["modulator.b"] = []int{f.blocks[len(f.blocks)-1].below}, []int{1}
	}
}

// begin sets the variables that do not begin at an array.
func (f *formulas) begin(w map[string][]complex128) {
	f.eachVariable(func(name string, shape []int, v variable) {
		if !v.learned {
			w[name] = slices.Repeat([]complex128{complex(v.initial, 0)}, tensor.Shape(shape).TotalSize())
		}
	})
}

// known is what the readout of layer l sees.
func (f *formulas) known(w map[string][]complex128, l int) *view {
	return &view{
		w:     matrix(w[fmt.Sprint("W", l)], f.blocks[l].out),
		theta: func(name string) []complex128 { return w[f.ownName(l, name)] },
		state: func(name string) []complex128 { return w[stateName("W", name, l)] },
	}
}

// sparsity is λ Σ|θ|.
func (f *formulas) sparsity(w map[string][]complex128) (sum complex128) {
	seen := map[string]bool{}
	for l := range f.blocks {
		if !f.plastic(l) || f.penalty == 0 {
			continue
		}
		for _, p := range f.ruleAt(l).parameters() {
			name := f.ownName(l, p.name)
			if !p.sparse || seen[name] || slices.ContainsFunc(f.constant, func(c string) bool { return strings.HasPrefix(name, c) }) {
				continue
			}
			seen[name] = true
			for _, x := range w[name] {
				if real(x) < 0 {
					x = -x
				}
				sum += complex(f.penalty, 0) * x
			}
		}
	}
	return sum
}
