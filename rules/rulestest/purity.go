package rulestest

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/engine"
	"metaplast/graph/op"
	"metaplast/rules"
)

// gradient is everything that a rule makes a machine compute: Δ, the state, and their derivative.
type gradient struct {
	*setup
	outputs []*G.Node
	names   []string
	vm      G.VM
}

func (o Options) gradient(rule rules.Rule, d dims, m engine.Machine, dt tensor.Dtype) (*gradient, error) {
	s, err := o.build(rule, d, dt)
	if err != nil {
		return nil, err
	}
	cost, err := o.project(s)
	if err != nil {
		return nil, err
	}
	g := &gradient{setup: s}
	for _, r := range s.results {
		g.outputs, g.names = append(g.outputs, r.node), append(g.names, r.name)
	}
	g.outputs, g.names = append(g.outputs, cost), append(g.names, "⟨R,Δ⟩")
	var wrt []*G.Node
	for _, a := range s.inputs {
		wrt = append(wrt, a.node)
	}
	grads, err := engine.Grad(s.b, cost, wrt...)
	if err != nil {
		return nil, err
	}
	for i, n := range grads {
		if n != nil {
			g.outputs, g.names = append(g.outputs, n), append(g.names, "the derivative by "+s.inputs[i].name)
		}
	}
	g.vm, err = m(s.b, g.outputs)
	return g, err
}

// run returns the values of all outputs.
func (g *gradient) run() ([][]float64, error) {
	if err := g.vm.RunAll(); err != nil {
		return nil, err
	}
	var values [][]float64
	for _, n := range g.outputs {
		values = append(values, read(n))
	}
	return values, nil
}

// finite: neither Δ, nor the state after the step, nor a derivative is NaN or Inf, for ordinary activity, for
// activity that is zero where it was negative, and for none at all, also with the state that an
// episode begins with.
func (o Options) finite(rule rules.Rule, d dims) []Finding {
	begins := []bool{false}
	if len(rules.StateOf(rule)) > 0 {
		begins = append(begins, true)
	}
	for _, o.begins = range begins {
		if found := o.finiteActivity(rule, d); len(found) > 0 {
			return found
		}
	}
	return nil
}

func (o Options) finiteActivity(rule rules.Rule, d dims) []Finding {
	g, err := o.gradient(rule, d, sequential, float64s)
	if err != nil {
		return failed("finite", d, err)
	}
	defer g.vm.Close()
	for _, kind := range []string{"ordinary values", "activity zero where it was negative", "no activity"} {
		for _, a := range g.inputs {
			activity := belongs(a.name, a.shape, rule, d)[0] == example || a.name == "modulator"
			for i, x := range a.data {
				if !activity || kind == "ordinary values" || kind == "activity zero where it was negative" && x > 0 {
					continue
				}
				a.data[i] = 0
			}
		}
		values, err := g.run()
		if err != nil {
			return failed("finite", d, err)
		}
		if o.begins {
			kind += ", in the first step"
		}
		for i, v := range values {
			if at := notFinite(v); at >= 0 {
				return []Finding{{"finite", d.String() + ", " + kind, fmt.Sprintf("%s is %v at %s", g.names[i], v[at], element("", g.outputs[i].Shape(), at))}}
			}
		}
	}
	return nil
}

// inputs: the bytes of what is bound are the same after a run, on either machine, and no op
// writes to an operand, whoever has computed that.
func (o Options) inputs(rule rules.Rule, d dims) []Finding {
	for _, m := range []struct {
		name    string
		machine engine.Machine
	}{{"Sequential", sequential}, {"Tape", tape}} {
		g, err := o.gradient(rule, d, m.machine, float64s)
		if err != nil {
			return failed("inputs", d, err)
		}
		defer g.vm.Close()
		var before [][]float64
		for _, a := range g.inputs {
			before = append(before, slices.Clone(a.data))
		}
		if _, err := g.run(); err != nil {
			return failed("inputs", d, err)
		}
		for i, a := range g.inputs {
			if at := differ(before[i], a.data); at >= 0 {
				return []Finding{{"inputs", d.String() + " on " + m.name, fmt.Sprintf("%s was %v and is %v after a run: want operands not to be written to", a.place(at), before[i][at], a.data[at])}}
			}
		}
	}
	return o.writes(rule, d)
}

// writes runs every op that is not of package op on copies of its operands.
func (o Options) writes(rule rules.Rule, d dims) []Finding {
	g, err := o.gradient(rule, d, sequential, float64s)
	if err != nil {
		return failed("inputs", d, err)
	}
	defer g.vm.Close()
	foreign := map[*G.Node][]*G.Node{}
	all := slices.Clone(g.outputs)
	for i := 0; i < len(all); i++ {
		children := op.Children(all[i])
		if _, ours := all[i].Op().(*op.Kernel); !ours && all[i].Op() != nil {
			foreign[all[i]] = children
		}
		for _, c := range children {
			if !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
	}
	if len(foreign) == 0 {
		return nil
	}
	vm, err := engine.Sequential(g.b, all) // as outputs, nodes keep their arrays
	if err != nil {
		return failed("inputs", d, err)
	}
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		return failed("inputs", d, err)
	}
	for _, n := range all {
		children := foreign[n]
		var operands, copies []G.Value
		for _, c := range children {
			v, err := G.CloneValue(c.Value())
			if err != nil {
				return failed("inputs", d, err)
			}
			w, err := G.CloneValue(c.Value())
			if err != nil {
				return failed("inputs", d, err)
			}
			operands, copies = append(operands, v), append(copies, w)
		}
		if len(children) == 0 {
			continue
		}
		if _, err := n.Op().Do(operands...); err != nil {
			return failed("inputs", d, err)
		}
		for i := range operands {
			if at := differ(numbers(operands[i]), numbers(copies[i])); at >= 0 {
				return []Finding{{"inputs", d.String(), fmt.Sprintf("%v writes to its operand %d, %v: want operands not to be written to", n.Op(), i, children[i])}}
			}
		}
	}
	return nil
}

func numbers(v G.Value) []float64 {
	switch d := v.Data().(type) {
	case []float64:
		return d
	case float64:
		return []float64{d}
	}
	return nil
}
