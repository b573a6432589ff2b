package rulestest

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data/stream"
	"metaplast/graph/engine"
	"metaplast/graph/op"
	"metaplast/rules"
)

// dims are the sizes of one synapse matrix, and which of what a rule may see is there, in which form.
type dims struct {
	n, in, out int
	deaf       bool // there is no feedback
	quiet      bool // the presynaptic units have no feedback, as the network's inputs
	perNeuron  bool // numbers that are parameters exist once for each neuron, [out] instead of [1]
	one        bool // the modulator is [1] instead of [N]
}

func (d dims) String() string {
	text := fmt.Sprintf("N=%d in=%d out=%d", d.n, d.in, d.out)
	for _, also := range []struct {
		is   bool
		text string
	}{
		{d.deaf, "without feedback"}, {d.quiet, "presynaptic units without feedback"},
		{d.perNeuron, "parameters per neuron"}, {d.one, "one modulator for all examples"},
	} {
		if also.is {
			text += ", " + also.text
		}
	}
	return text
}

// forms are all dims at which a rule is looked at, of what it declares.
func (o Options) forms(rule rules.Rule) []dims {
	sizes := []dims{
		{n: o.N, in: o.In, out: o.Out}, {n: 1, in: o.In, out: o.Out}, {n: o.N, in: 1, out: o.Out},
		{n: o.N, in: o.In, out: 1}, {n: 1, in: 1, out: 1},
	}
	whole, see := sizes[0], rules.Sees(rule)
	if slices.ContainsFunc(rules.ParamsOf(rule), func(p rules.Param) bool { return p.Shape == nil }) && !slices.ContainsFunc(rules.ParamsOf(rule), func(p rules.Param) bool { return p.Shape != nil }) {
		d := whole
		d.perNeuron = true
		sizes = append(sizes, d)
	}
	if see.Modulator {
		d := whole
		d.one = true
		sizes = append(sizes, d)
	}
	if see.PreFeedback {
		d := whole
		d.quiet = true
		sizes = append(sizes, d)
	}
	return sizes
}

var (
	float64s = tensor.Float64
	float32s = tensor.Float32

	sequential engine.Machine = engine.Sequential
	tape       engine.Machine = engine.Tape
)

var errSilent = errors.New("the rule returned nil without an error in the Builder")

// array is an input node with the values bound to it.
type array struct {
	name  string
	node  *G.Node
	shape []int
	data  []float64
}

// place names an element.
func (a array) place(i int) string { return element(a.name, a.shape, i) }

func element(name string, shape []int, i int) string {
	at := make([]int, len(shape))
	for d := len(shape) - 1; d >= 0; d-- {
		at[d], i = i%shape[d], i/shape[d]
	}
	text := name + "["
	for d, x := range at {
		if d > 0 {
			text += ","
		}
		text += fmt.Sprint(x)
	}
	return text + "]"
}

// setup is a graph of one inner step by a rule.
type setup struct {
	b       *op.Builder
	inputs  []array // all that the rule sees; α too if it is an Updater
	syn     rules.Synapses
	rate    op.Plasticity
	results []array // Δ, or W′ of an Updater; then s(t+1), variable by variable
}

// build makes one step of a rule, on bound input nodes with seeded values.
func (o Options) build(rule rules.Rule, d dims, dt tensor.Dtype) (*setup, error) {
	s, err := o.operands(rule, d, dt)
	if err != nil {
		return nil, err
	}
	return s, s.call(rule, d)
}

// updateScale is κ of the updates that are looked at.
const updateScale = 0.75

// operands binds all that a rule sees.
func (o Options) operands(rule rules.Rule, d dims, dt tensor.Dtype) (*setup, error) {
	s := &setup{b: op.New(dt)}
	var err error
	bind := func(name string, data []float64, shape ...int) *G.Node {
		a, e := input(s.b, name, data, shape...)
		if err == nil {
			err = e
		}
		s.inputs = append(s.inputs, a)
		return a.node
	}
	draw := func(name string, shape ...int) *G.Node {
		return bind(name, o.values(name, tensor.Shape(shape).TotalSize()), shape...)
	}
	s.syn.Pre, s.syn.Post = draw("pre", d.n, d.in), draw("post", d.n, d.out)
	if !d.deaf {
		s.syn.Feedback = draw("feedback", d.n, d.out)
	}
	s.syn.W = draw("W", d.out, d.in)
	see := rules.Sees(rule)
	if see.Activity {
		s.syn.Activity = draw("activity", d.n, d.out)
	}
	if see.PreFeedback && !d.deaf && !d.quiet {
		s.syn.PreFeedback = draw("pre_feedback", d.n, d.in)
	}
	if see.Initial {
		s.syn.Initial = draw("W(0)", d.out, d.in)
	}
	switch {
	case see.Modulator && d.one:
		s.syn.Modulator = draw("modulator", 1)
	case see.Modulator:
		s.syn.Modulator = draw("modulator", d.n)
	}
	for _, p := range rules.ParamsOf(rule) {
		shape := p.Dims()
		if p.Shape == nil && d.perNeuron {
			shape = []int{d.out}
		}
		if s.syn.Params == nil {
			s.syn.Params = rules.Values{}
		}
		s.syn.Params[p.Name] = bind(paramPrefix+p.Name, o.near(paramPrefix+p.Name, p.Initial, tensor.Shape(shape).TotalSize()), shape...)
	}
	state, e := o.memory(rule, d)
	if e != nil {
		return nil, e
	}
	for i, v := range rules.StateOf(rule) {
		if s.syn.State == nil {
			s.syn.State = rules.Values{}
		}
		s.syn.State[v.Name] = bind(statePrefix+v.Name, state[i], v.Dims(d.in, d.out)...)
	}
	if _, updates := rule.(rules.Updater); updates {
		s.rate = op.Plasticity{Alpha: draw("α", d.out, d.in), Scale: updateScale}
	}
	return s, err
}

// The names of parameters and variables among operands and results begin so.
const (
	paramPrefix = "param/"
	statePrefix = "state/"
)

// near are values about the initial one, which lie where a parameter has a meaning.
func (o Options) near(name string, initial float64, n int) []float64 {
	const spread = 0.1
	x := o.values(name, n)
	for i := range x {
		x[i] = initial + spread*x[i]
	}
	return x
}

// memory is a state that the rule can have: that after a few steps from s(0), in double precision. Any
// numbers would not do, as a count below 0.
func (o Options) memory(rule rules.Rule, d dims) ([][]float64, error) {
	vs := rules.StateOf(rule)
	var state [][]float64
	for _, v := range vs {
		n := tensor.Shape(v.Dims(d.in, d.out)).TotalSize()
		s := make([]float64, n)
		for i := range s {
			s[i] = v.Initial
		}
		if v.Learned {
			s = o.near("memory/"+v.Name, v.Initial, n)
		}
		state = append(state, s)
	}
	if len(vs) == 0 || o.begins {
		return state, nil
	}
	const steps = 2
	for t := range steps {
		past := o
		past.begins = true // its operands.memory is not asked for
		past.draw = 1000*(t+1) + o.draw
		s, err := past.operands(rule, d, float64s)
		if err != nil {
			return nil, err
		}
		for i, v := range vs {
			a := s.inputs[slices.IndexFunc(s.inputs, func(a array) bool { return a.name == statePrefix+v.Name })]
			copy(a.data, state[i])
		}
		if err := s.call(rule, d); err != nil {
			return nil, err
		}
		values, err := s.run(sequential)
		if err != nil {
			return nil, err
		}
		state = values[1:]
	}
	return state, nil
}

// call adds the step of a rule to the graph of its operands.
func (s *setup) call(rule rules.Rule, d dims) error {
	var first *G.Node
	var next rules.Values
	what := "the change Δ"
	name := "Δ"
	if u, updates := rule.(rules.Updater); updates {
		what, name = "the new weights W′", "W′"
		first, next = u.Update(s.b, s.syn, s.rate)
	} else {
		first, next = rules.Changes(s.b, rule, s.syn)
	}
	s.results = []array{{name: name, node: first, shape: []int{d.out, d.in}}}
	switch err := s.b.Err(); {
	case err != nil:
		return err
	case first == nil:
		return errSilent
	case first.Graph() != s.b.Graph():
		return fmt.Errorf("%s: %w", what, op.ErrForeignGraph)
	case !slices.Equal(first.Shape(), tensor.Shape{d.out, d.in}):
		return fmt.Errorf("%s has shape %v: want [out,in] = %v", what, []int(first.Shape()), []int{d.out, d.in})
	}
	for _, v := range rules.StateOf(rule) {
		n, want := next[v.Name], v.Dims(d.in, d.out)
		switch {
		case n == nil:
			return fmt.Errorf("variable %s: there is none after the step: want every variable that State declares", v.Name)
		case n.Graph() != s.b.Graph():
			return fmt.Errorf("variable %s: %w", v.Name, op.ErrForeignGraph)
		case !slices.Equal(n.Shape(), tensor.Shape(want)):
			return fmt.Errorf("variable %s has shape %v after the step: want %v, as %s says", v.Name, []int(n.Shape()), want, v.Per)
		}
		s.results = append(s.results, array{name: "s(t+1) " + v.Name, node: n, shape: want})
	}
	for _, name := range slices.Sorted(maps.Keys(next)) {
		if s.syn.State[name] == nil {
			return fmt.Errorf("variable %s after the step: want only those that State declares", name)
		}
	}
	return nil
}

// nodes are those of the results.
func (s *setup) nodes() (list []*G.Node) {
	for _, r := range s.results {
		list = append(list, r.node)
	}
	return list
}

// values are normal numbers at least 0.05 from zero, where many kinks are.
func (o Options) values(name string, n int) []float64 {
	r := stream.New(o.Seed, "rulestest/"+name, 0, uint64(o.draw))
	x := make([]float64, n)
	for i := range x {
		v := r.NormFloat64()
		x[i] = v + math.Copysign(0.05, v)
	}
	return x
}

// input makes a bound input node. In float64 the array's data are the node's own memory.
func input(b *op.Builder, name string, data []float64, shape ...int) (array, error) {
	a := array{name: name, node: b.Input(name, shape...), shape: shape, data: data}
	if err := b.Err(); err != nil {
		return a, err
	}
	var backing any = data
	if b.Dtype() == tensor.Float32 {
		single := make([]float32, len(data))
		for i, x := range data {
			single[i] = float32(x)
		}
		backing = single
	}
	return a, G.Let(a.node, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(backing)))
}

// run computes the results.
func (s *setup) run(m engine.Machine) ([][]float64, error) {
	vm, err := m(s.b, s.nodes())
	if err != nil {
		return nil, err
	}
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		return nil, err
	}
	return s.read(), nil
}

// read copies the results of a run.
func (s *setup) read() (values [][]float64) {
	for _, r := range s.results {
		values = append(values, read(r.node))
	}
	return values
}

// read copies the value of a node.
func read(n *G.Node) []float64 {
	switch d := n.Value().Data().(type) {
	case []float64:
		return slices.Clone(d)
	case float64:
		return []float64{d}
	case []float32:
		x := make([]float64, len(d))
		for i, v := range d {
			x[i] = float64(v)
		}
		return x
	case float32:
		return []float64{float64(d)}
	}
	return nil
}

// differ returns the first index at which two arrays differ in their bits, or -1.
func differ(a, b []float64) int {
	if len(a) != len(b) {
		return min(len(a), len(b))
	}
	for i := range a {
		if math.Float64bits(a[i]) != math.Float64bits(b[i]) {
			return i
		}
	}
	return -1
}

// notFinite returns the first index of NaN or Inf, or -1.
func notFinite(x []float64) int {
	return slices.IndexFunc(x, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
}
