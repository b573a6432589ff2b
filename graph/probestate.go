package graph

import (
	"fmt"

	"metaplast/rules"
)

// NewMemory is the order of the variables of a learner's rules on a network: state.NAME.{l}, and
// state_b.NAME.{l} beside them for plastic biases, bottom first. It is empty where rules have none.
func NewMemory(n Network, l Learner) (Layout, error) {
	m, err := newLearnerModel(n, "learner", l)
	if err != nil {
		return nil, err
	}
	return m.memory(), nil
}

func (m *learnerModel) memory() (layout Layout) {
	m.eachVariable(func(at slot, shape []int, _ rules.Variable) {
		layout.add(Param{Role: at.role, Layer: at.layer, Shape: shape})
	})
	return layout
}

// Memory is the order of the variables of learner i's rules, as NewMemory says.
func (p *Probe) Memory(i int) Layout { return p.probes[i].memory }

// State writes the variables of learner i's rules of now into dst.
func (p *Probe) State(i int, dst []float64) {
	for j, k := range p.learners[i].variables() {
		get(k.now, p.probes[i].memory[j].Of(dst))
	}
}

// SetState moves the variables of learner i's rules to other values, on the terms of SetWeights.
func (p *Probe) SetState(i int, s []float64) error {
	layout := p.probes[i].memory
	if len(s) != layout.Total() {
		return &DataError{Array: p.learners[i].name + ": state", Have: []int{len(s)}, Want: []int{layout.Total()}}
	}
	if err := finite(fmt.Sprintf("%s: state", p.learners[i].name), s); err != nil {
		return err
	}
	p.putState(i, s)
	return nil
}

// NextState writes what the last Step or Propose made of the variables of learner i's rules into dst.
func (p *Probe) NextState(i int, dst []float64) { copy(dst, p.probes[i].after) }

// putState copies variables, which may be NaN.
func (p *Probe) putState(i int, s []float64) {
	for j, k := range p.learners[i].variables() {
		set(k.now, 0, p.probes[i].memory[j].Of(s))
	}
}

// variables are the links of the rules' variables.
func (l *inner) variables() []link { return l.links[len(l.plasticFast):] }
