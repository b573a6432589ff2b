package graph

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/op"
)

// Sequential runs the graph node by node in the order of making, on one goroutine.
//
// It computes only what the outputs need. Memory is planned once: an array is given back
// when the last node that reads it has run, so that the peak is about what the reverse
// pass has to remember. Running allocates nothing, unless the graph holds ops that are not
// of package op: those run through their own Do.
// Cost of planning: linear in the number of nodes.
func Sequential(b *op.Builder, outputs []*G.Node) (G.VM, error) {
	if err := b.Err(); err != nil {
		return nil, err
	}
	if b.Dtype() == tensor.Float32 {
		return plan(outputs, (*op.Kernel).Run32)
	}
	return plan(outputs, (*op.Kernel).Run64)
}

// program is a planned graph.
type program[F float32 | float64] struct {
	steps []step[F]
	run   func(*op.Kernel, []F, [][]F)
	bytes int
}

// step computes one node.
type step[F float32 | float64] struct {
	kernel  *op.Kernel // nil for an op that is not ours
	foreign G.Op
	node    *G.Node
	out     []F
	in      [][]F
	values  []G.Value // the operands of a foreign op, sharing memory with in
}

func plan[F float32 | float64](outputs []*G.Node, run func(*op.Kernel, []F, [][]F)) (*program[F], error) {
	order := reachable(outputs)
	last := make(map[*G.Node]int, len(order)) // the step that reads a node last
	for i, n := range order {
		for _, c := range op.Children(n) {
			last[c] = i
		}
	}
	for _, n := range outputs {
		last[n] = len(order)
	}
	p := &program[F]{run: run}
	arrays := make(map[*G.Node][]F, len(order))
	free := map[int][][]F{}
	for i, n := range order {
		if n.Op() == nil {
			if n.Value() == nil {
				return nil, fmt.Errorf("input %q has no value", n.Name())
			}
			a, ok := n.Value().Data().([]F)
			if !ok {
				return nil, fmt.Errorf("input %q holds %v: want the graph's type", n.Name(), n.Value().Dtype())
			}
			arrays[n] = a
			continue
		}
		size := n.Shape().TotalSize()
		var out []F
		if f := free[size]; len(f) > 0 {
			out, free[size] = f[len(f)-1], f[:len(f)-1]
		} else {
			out = op.Alloc[F](size)
			p.bytes += size * int(n.Dtype().Size())
		}
		arrays[n] = out
		s := step[F]{node: n, out: out}
		children := op.Children(n)
		for _, c := range children {
			s.in = append(s.in, arrays[c])
		}
		if k, ok := n.Op().(*op.Kernel); ok {
			s.kernel = k
		} else {
			s.foreign = n.Op()
			for j, c := range children {
				s.values = append(s.values, valueOf(c, s.in[j]))
			}
		}
		p.steps = append(p.steps, s)
		for j, c := range children {
			if last[c] == i && c.Op() != nil && !slices.Contains(children[:j], c) {
				free[len(arrays[c])] = append(free[len(arrays[c])], arrays[c])
			}
		}
	}
	for _, n := range outputs {
		if n.Op() == nil {
			continue
		}
		if err := G.UnsafeLet(n, valueOf(n, arrays[n])); err != nil {
			return nil, fmt.Errorf("output %v: %w", n, err)
		}
	}
	return p, nil
}

// reachable returns what the outputs depend on, themselves included, in the order of making.
func reachable(outputs []*G.Node) []*G.Node {
	seen := map[*G.Node]bool{}
	var nodes []*G.Node
	visit := func(n *G.Node) {
		if !seen[n] {
			seen[n] = true
			nodes = append(nodes, n)
		}
	}
	for _, n := range outputs {
		visit(n)
	}
	for i := 0; i < len(nodes); i++ {
		for _, c := range op.Children(nodes[i]) {
			visit(c)
		}
	}
	slices.SortFunc(nodes, func(a, b *G.Node) int { return int(a.ID() - b.ID()) })
	return nodes
}

// valueOf wraps an array as the value of a node, without copying.
func valueOf[F float32 | float64](n *G.Node, a []F) G.Value {
	if n.IsScalar() {
		return scalar(a[0])
	}
	return tensor.New(tensor.WithShape(slices.Clone(n.Shape())...), tensor.WithBacking(a))
}

func scalar[F float32 | float64](x F) G.Value {
	if v, ok := any(x).(float32); ok {
		return G.NewF32(v)
	}
	return G.NewF64(float64(x))
}

// RunAll computes the outputs from the values that the inputs hold now.
func (p *program[F]) RunAll() error {
	for i := range p.steps {
		s := &p.steps[i]
		if s.kernel != nil {
			p.run(s.kernel, s.out, s.in)
			continue
		}
		if err := s.do(); err != nil {
			label, _ := op.LabelOf(s.node)
			return fmt.Errorf("%v (%v): %w", s.foreign, label, err)
		}
	}
	return nil
}

func (s *step[F]) do() error {
	for i, v := range s.values {
		if _, ok := v.(G.Scalar); ok {
			s.values[i] = scalar(s.in[i][0])
		}
	}
	v, err := s.foreign.Do(s.values...)
	if err != nil {
		return err
	}
	switch d := v.Data().(type) {
	case []F:
		copy(s.out, d)
	case F:
		s.out[0] = d
	default:
		return fmt.Errorf("result of type %v: want the graph's", v.Dtype())
	}
	return nil
}

// Reset does nothing: a program holds no state between runs.
func (p *program[F]) Reset() {}

// Close does nothing.
func (p *program[F]) Close() error { return nil }
