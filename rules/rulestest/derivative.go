package rulestest

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/engine"
	"metaplast/graph/op"
	"metaplast/rules"
)

// project adds the inner product of all results with fixed random numbers: a cost whose derivative
// sees every element of them.
func (o Options) project(s *setup) (*G.Node, error) {
	var cost *G.Node
	for i, r := range s.results {
		name := "projection"
		if i > 0 {
			name += " of " + r.name
		}
		weights, err := input(s.b, name, o.values(name, tensor.Shape(r.shape).TotalSize()), r.shape...)
		if err != nil {
			return nil, err
		}
		part := s.b.Dot(r.node, weights.node)
		if cost == nil {
			cost = part
			continue
		}
		cost = s.b.Add(cost, part)
	}
	return cost, s.b.Err()
}

// derivative: ∂⟨R,Δ⟩, and of the state after the step, by every operand of the rule.
func (o Options) derivative(rule rules.Rule, d dims) []Finding {
	r, err := o.decide(func(o Options) (result, error) {
		s, err := o.build(rule, d, float64s)
		if err != nil {
			return result{}, err
		}
		cost, err := o.project(s)
		if err != nil {
			return result{}, err
		}
		return o.against(s.b, cost, s.inputs)
	})
	if err != nil {
		return failed("derivative", d, err)
	}
	return r.findings("derivative", d.String())
}

// against compares engine.Grad of a cost by input nodes with central differences.
func (o Options) against(b *op.Builder, cost *G.Node, at []array) (result, error) {
	probes, err := differentiate(b, cost, at, sequential)
	if err != nil {
		return result{}, err
	}
	vm, err := engine.Sequential(b, []*G.Node{cost})
	if err != nil {
		return result{}, err
	}
	defer vm.Close()
	return o.gradients(func() (float64, error) {
		if err := vm.RunAll(); err != nil {
			return 0, err
		}
		return cost.Value().Data().([]float64)[0], nil
	}, probes)
}

// differentiate runs engine.Grad and the graph that it makes.
func differentiate(b *op.Builder, cost *G.Node, at []array, m engine.Machine) ([]probe, error) {
	var wrt []*G.Node
	for _, a := range at {
		wrt = append(wrt, a.node)
	}
	grads, err := engine.Grad(b, cost, wrt...)
	if err != nil {
		return nil, err
	}
	outputs := []*G.Node{cost}
	for _, g := range grads {
		if g != nil {
			outputs = append(outputs, g)
		}
	}
	vm, err := m(b, outputs)
	if err != nil {
		return nil, err
	}
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		return nil, err
	}
	probes := make([]probe, len(at))
	for i, a := range at {
		probes[i] = probe{a, make([]float64, len(a.data))}
		if grads[i] == nil {
			continue // no path: the derivative is claimed to be zero
		}
		exact := read(grads[i])
		if len(exact) != len(a.data) {
			return nil, fmt.Errorf("the derivative by %s has shape %v: want %v", a.name, grads[i].Shape(), a.shape)
		}
		probes[i].exact = exact
	}
	return probes, nil
}

func failed(check string, d dims, err error) []Finding {
	return []Finding{{check, d.String(), "cannot run: " + err.Error()}}
}
