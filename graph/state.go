package graph

import (
	"fmt"
	"maps"
	"slices"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules"
)

// constant is an input node that keeps one value: s(0) of a variable that is not learned.
type constant struct {
	node  *G.Node
	value float64
}

// eachVariable goes through the variables of all plastic layers, bottom first, those of plastic biases
// after those of the weights.
func (m *learnerModel) eachVariable(do func(at slot, shape []int, v rules.Variable)) {
	for l, rule := range m.rules {
		if rule == nil {
			continue
		}
		vs := rules.StateOf(rule)
		w := m.matrix(l)
		for _, v := range vs {
			do(slot{Role(statePrefix + v.Name), l}, v.Dims(w[1], w[0]), v)
		}
		if !m.learner.PlasticBias {
			continue
		}
		for _, v := range vs {
			do(slot{Role(biasStatePrefix + v.Name), l}, v.Dims(1, w[0]), v)
		}
	}
}

// stateSize is the number of elements of the variables of layer l.
func (m *learnerModel) stateSize(l int) (n int) {
	m.eachVariable(func(at slot, shape []int, _ rules.Variable) {
		if at.layer == l {
			n += size(shape)
		}
	})
	return n
}

// startState sets the variables of before the first step. Those that do not begin as a meta-parameter
// are nodes that make makes.
func (m *wired) startState(b *op.Builder, f *fast, begin func(at slot, shape []int, initial float64) *G.Node) {
	m.eachVariable(func(at slot, shape []int, v rules.Variable) {
		n := begin(at, shape, v.Initial)
		of := &f.s[at.layer]
		if at.role == Role(biasStatePrefix+v.Name) {
			of = &f.sb[at.layer]
		}
		if *of == nil {
			*of = rules.Values{}
		}
		(*of)[v.Name] = n
	})
}

// atConstants begins at the meta-parameters that are learned, and at constants.
func (m *wired) atConstants(b *op.Builder) func(at slot, shape []int, initial float64) *G.Node {
	return func(at slot, shape []int, initial float64) *G.Node {
		if p := m.param(at.role, at.layer); p != nil {
			return p
		}
		n := b.Input(m.name+"/"+at.role.Name(at.layer), shape...)
		m.constants = append(m.constants, constant{n, initial})
		return n
	}
}

// bindConstants gives constants their values, once they have arrays.
func (m *wired) bindConstants() {
	for _, c := range m.constants {
		fill(c.node, c.value)
	}
}

// stateOf are the variables at one inner step, in the order of eachVariable.
func (m *wired) stateOf(f fast) []weight {
	var list []weight
	m.eachVariable(func(at slot, _ []int, v rules.Variable) {
		of := f.s[at.layer]
		if at.role == Role(biasStatePrefix+v.Name) {
			of = f.sb[at.layer]
		}
		list = append(list, weight{slot: at, node: of[v.Name], number: v.Initial})
	})
	return list
}

// checkState looks at what a rule gives for the state after a step: every variable, of its shape.
func (m *wired) checkState(b *op.Builder, rule rules.Rule, before, next rules.Values) rules.Values {
	if b.Err() != nil {
		return nil
	}
	for _, v := range rules.StateOf(rule) {
		n := next[v.Name]
		if n == nil || !sameShape(n.Shape(), before[v.Name].Shape()) {
			b.Fail(fmt.Errorf("rule %s: want variable %s of shape %v after a step", rule.Info().Name, v.Name, []int(before[v.Name].Shape())))
			return nil
		}
	}
	for _, name := range slices.Sorted(maps.Keys(next)) {
		if before[name] == nil {
			b.Fail(fmt.Errorf("rule %s: variable %s after a step: want only those that State declares", rule.Info().Name, name))
			return nil
		}
	}
	return next
}

// cutState is truncate for the variables of layer l.
func (m *wired) cutState(b *op.Builder, f fast, l int, cut func(l int, role Role, n *G.Node) *G.Node) {
	for _, of := range []struct {
		prefix string
		values []rules.Values
	}{{statePrefix, f.s}, {biasStatePrefix, f.sb}} {
		if of.values[l] == nil {
			continue
		}
		next := rules.Values{}
		for _, name := range slices.Sorted(maps.Keys(of.values[l])) {
			next[name] = cut(l, Role(of.prefix+name), of.values[l][name])
		}
		of.values[l] = next
	}
}
