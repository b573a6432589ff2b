package rulestest

import (
	"errors"
	"fmt"
	"math"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data/stream"
	"metaplast/graph/engine"
	"metaplast/graph/op"
	"metaplast/rules"
)

// dims are the sizes of one synapse matrix, and whether its layer gets feedback.
type dims struct {
	n, in, out int
	deaf       bool // there is no feedback
}

func (d dims) String() string {
	text := fmt.Sprintf("N=%d in=%d out=%d", d.n, d.in, d.out)
	if d.deaf {
		text += ", without feedback"
	}
	return text
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

// setup is a graph of one call of Delta.
type setup struct {
	b      *op.Builder
	inputs []array // pre, post, feedback unless there is none, W
	syn    rules.Synapses
	delta  *G.Node
}

// build calls Delta once, on bound input nodes with seeded values.
func (o Options) build(rule rules.Rule, d dims, dt tensor.Dtype) (*setup, error) {
	s := &setup{b: op.New(dt)}
	for _, in := range []struct {
		name string
		to   **G.Node
		rows int
		cols int
	}{{"pre", &s.syn.Pre, d.n, d.in}, {"post", &s.syn.Post, d.n, d.out}, {"feedback", &s.syn.Feedback, d.n, d.out}, {"W", &s.syn.W, d.out, d.in}} {
		if in.name == "feedback" && d.deaf {
			continue
		}
		a, err := input(s.b, in.name, o.values(in.name, in.rows*in.cols), in.rows, in.cols)
		if err != nil {
			return nil, err
		}
		s.inputs, *in.to = append(s.inputs, a), a.node
	}
	s.delta = rule.Delta(s.b, s.syn)
	return s, s.check(d)
}

// check says what is wrong with what Delta has returned.
func (s *setup) check(d dims) error {
	switch err := s.b.Err(); {
	case err != nil:
		return err
	case s.delta == nil:
		return errSilent
	case s.delta.Graph() != s.b.Graph():
		return fmt.Errorf("the change Δ: %w", op.ErrForeignGraph)
	case !slices.Equal(s.delta.Shape(), tensor.Shape{d.out, d.in}):
		return fmt.Errorf("the change Δ has shape %v: want [out,in] = %v", []int(s.delta.Shape()), []int{d.out, d.in})
	}
	return nil
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

// run computes Δ.
func (s *setup) run(m engine.Machine) ([]float64, error) {
	vm, err := m(s.b, []*G.Node{s.delta})
	if err != nil {
		return nil, err
	}
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		return nil, err
	}
	return read(s.delta), nil
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
