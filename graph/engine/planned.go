package engine

import (
	"errors"
	"fmt"
	"time"
	"unsafe"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/op"
)

// Options of the planned machine. None of them changes a result.
type Options struct {
	// Threads run tasks that do not wait for each other, and pieces of large ones, side by
	// side. 0 means 1.
	Threads int
	// Remat keeps the state of the forward pass at every Remat-th inner step only, and
	// computes what lies between once more when the reverse pass comes to it. 0 keeps all.
	Remat int

	// Carries are outputs that are written where an input is read, if nobody reads it any more,
	// for loops that run one step again and again.
	Carries []Carry

	// Room is where the slab lies, for programs that run one after the other and whose results are copied
	// before the next one runs. nil means a slab of the program's own.
	Room *Room
}

// Planned returns the machine that metaplast runs with.
//
// It computes only what the outputs need, in the order of making. All memory is planned
// before the first run, in one slab: an array is given back when the last task that reads it
// has run, sums are added to and weights updated in place where nobody reads the old value
// any more, and several gradients of one kernel are computed in one pass. Running allocates
// nothing, unless the graph holds ops that are not of package op: those run through their
// own Do, which copies, and may run beside each other.
//
// Results are the same bits for any Options: which thread runs a task, and where in memory,
// does not show in it. Cost of planning: linear in the number of nodes.
func Planned(o Options) Machine {
	return func(b *op.Builder, outputs []*G.Node) (G.VM, error) {
		if err := b.Err(); err != nil {
			return nil, err
		}
		if b.Dtype() == tensor.Float32 {
			return newProgram(outputs, o, (*op.Kernel).Run32)
		}
		return newProgram(outputs, o, (*op.Kernel).Run64)
	}
}

// Sequential is the planned machine on one thread with everything kept.
func Sequential(b *op.Builder, outputs []*G.Node) (G.VM, error) {
	return Planned(Options{})(b, outputs)
}

// Program is a graph that Planned has planned.
type Program interface {
	G.VM
	Bytes() int                                      // size of the slab that holds all arrays but inputs
	Costs() []Cost                                   // what a run consists of, in the order of the plan
	Profile(f func(i int, took time.Duration)) error // a run on one thread, timed by entries of Costs
}

// Bytes is the size of the slab that Planned would allocate, without allocating it. Cost: that
// of planning.
func (o Options) Bytes(b *op.Builder, outputs []*G.Node) int {
	element := 8
	if b.Dtype() == tensor.Float32 {
		element = 4
	}
	_, l := o.plan(outputs, element)
	return l.bytes
}

// plan makes the schedule of the outputs and lays it out.
func (o Options) plan(outputs []*G.Node, element int) (*schedule, *layout) {
	apart := 0
	if o.Threads > 1 {
		apart = 4 * o.Threads
	}
	s := newSchedule(outputs, o.Remat)
	return s, s.plan(element, apart, o.Carries)
}

// program is a planned graph with its memory.
type program[F float32 | float64] struct {
	steps   []step[F]
	run     func(*op.Kernel, [][]F, [][]F, int, []F)
	scratch [][]F // of each thread
	bytes   int
	crew    *crew[F] // nil on one thread
	numbers []number[F]
}

// number is an output that is one of Gorgonia's scalars, with the array that it is read from.
type number[F float32 | float64] struct {
	node  *G.Node
	array []F
}

// step is a task with its arrays.
type step[F float32 | float64] struct {
	kernel  *op.Kernel // nil for an op that is not ours
	node    *G.Node
	out, in [][]F
	results []result[F]
	pieces  int
	again   bool
	values  []G.Value // the operands of a foreign op, sharing memory with in
}

// result is one array of a step with the kernel whose result it is.
type result[F float32 | float64] struct {
	kernel *op.Kernel
	array  []F
}

func newProgram[F float32 | float64](outputs []*G.Node, o Options, run func(*op.Kernel, [][]F, [][]F, int, []F)) (*program[F], error) {
	threads := max(o.Threads, 1)
	var f F
	element := int(unsafe.Sizeof(f))
	s, l := o.plan(outputs, element)
	p := &program[F]{run: run, bytes: l.bytes}
	for range threads {
		p.scratch = append(p.scratch, op.Alloc[F](l.scratch))
	}
	slab, err := slabOf[F](o.Room, l.bytes/element)
	if err != nil {
		return nil, err
	}
	arrays := make([][]F, len(l.buffers))
	for i, b := range l.buffers {
		if b.input == nil {
			arrays[i] = slab[b.offset:][:b.size:b.size] // with the rest of the last cache line
			continue
		}
		if b.input.Value() == nil {
			return nil, fmt.Errorf("input %q has no value", b.input.Name())
		}
		a, ok := b.input.Value().Data().([]F)
		if !ok {
			return nil, fmt.Errorf("input %q holds %v: want the graph's type", b.input.Name(), b.input.Value().Dtype())
		}
		arrays[i] = a
	}
	p.steps = make([]step[F], len(s.tasks))
	for i := range s.tasks {
		t := &s.tasks[i]
		st := step[F]{node: t.node, pieces: 1, again: t.again}
		st.out, st.in = make([][]F, len(t.out)), make([][]F, len(t.in))
		for j, v := range t.out {
			if v >= 0 {
				st.out[j] = arrays[l.of[v]][l.shift[v]:][:s.values[v].size]
			}
		}
		children := op.Children(t.node)
		for j, in := range t.in {
			st.in[j] = arrays[l.of[in.value]][l.shift[in.value]+in.offset:][:children[j].Shape().TotalSize()]
		}
		if k, ok := t.node.Op().(*op.Kernel); ok {
			st.kernel, st.pieces = k, k.Pieces()
			for _, m := range t.members {
				k := m.Op().(*op.Kernel)
				st.results = append(st.results, result[F]{k, st.out[k.Member()]})
			}
		} else {
			for j, c := range children {
				st.values = append(st.values, valueOf(c, st.in[j]))
			}
		}
		p.steps[i] = st
	}
	for _, n := range outputs {
		if n.Op() == nil {
			continue
		}
		at := s.first[n]
		if n.IsScalar() { // a number is a copy, which each run makes anew
			p.numbers = append(p.numbers, number[F]{n, arrays[l.of[at.value]][l.shift[at.value]+at.offset:]})
		}
		if err := G.UnsafeLet(n, valueOf(n, arrays[l.of[at.value]][l.shift[at.value]+at.offset:][:n.Shape().TotalSize()])); err != nil {
			return nil, fmt.Errorf("output %v: %w", n, err)
		}
	}
	if threads > 1 {
		p.crew = newCrew(p, l.before, threads)
	}
	return p, nil
}

// valueOf wraps an array as the value of a node, without copying.
func valueOf[F float32 | float64](n *G.Node, a []F) G.Value {
	if n.IsScalar() {
		return scalar(a[0])
	}
	return tensor.New(tensor.WithShape(append([]int(nil), n.Shape()...)...), tensor.WithBacking(a))
}

func scalar[F float32 | float64](x F) G.Value {
	if v, ok := any(x).(float32); ok {
		return G.NewF32(v)
	}
	return G.NewF64(float64(x))
}

// RunAll computes the outputs from the values that the inputs hold now.
func (p *program[F]) RunAll() error {
	if err := p.compute(); err != nil {
		return err
	}
	for _, n := range p.numbers {
		if err := G.UnsafeLet(n.node, scalar(n.array[0])); err != nil {
			return err
		}
	}
	return nil
}

func (p *program[F]) compute() error {
	if p.crew != nil {
		return p.crew.run()
	}
	for i := range p.steps {
		s := &p.steps[i]
		for piece := range s.pieces {
			if err := p.piece(s, piece, 0); err != nil {
				return err
			}
		}
		s.inspect()
	}
	return nil
}

// piece runs one piece of a step on a thread.
func (p *program[F]) piece(s *step[F], piece, thread int) error {
	if s.kernel != nil {
		p.run(s.kernel, s.out, s.in, piece, p.scratch[thread])
		return nil
	}
	if err := s.do(); err != nil {
		return fmt.Errorf("%v: %w", s.node.Op(), err)
	}
	return nil
}

// inspect looks at the results of a step that has run.
func (s *step[F]) inspect() {
	for _, r := range s.results {
		op.Inspect(r.kernel, r.array)
	}
}

func (s *step[F]) do() error {
	for i, v := range s.values {
		if _, ok := v.(G.Scalar); ok {
			s.values[i] = scalar(s.in[i][0])
		}
	}
	v, err := s.node.Op().Do(s.values...)
	if err != nil {
		return err
	}
	if v == nil {
		return errors.New("no result")
	}
	switch d := v.Data().(type) {
	case []F:
		copy(s.out[0], d)
	case F:
		s.out[0][0] = d
	default:
		return fmt.Errorf("result of type %v: want the graph's", v.Dtype())
	}
	return nil
}

// Bytes is the size of the slab.
func (p *program[F]) Bytes() int { return p.bytes }

// Reset does nothing: a program holds no state between runs.
func (p *program[F]) Reset() {}

// Close does nothing.
func (p *program[F]) Close() error { return nil }
