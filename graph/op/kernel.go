package op

import (
	"encoding/binary"
	"fmt"
	"hash"
	"math"
	"slices"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// float is what kernels are generic over.
type float interface{ float32 | float64 }

// spec is what one primitive says of itself; see mul.go for the shortest one.
type spec struct {
	kind  string       // name of the primitive
	shape tensor.Shape // of the result

	// The kernel: writes every element of out, never writes to in, allocates nothing.
	f32 func(out []float32, in [][]float32)
	f64 func(out []float64, in [][]float64)

	// grad returns what input i receives when the result receives g, as nodes. Inputs for
	// which fixed is true receive nothing; a nil grad says that about all of them.
	grad  func(i int, out, g *G.Node) *G.Node
	fixed []bool

	at []int // of PadRows: where each operand goes, so that JoinRows can join ranges
}

// Kernel is the Gorgonia op behind every primitive. It keeps the array of its result from
// run to run, so that running a graph again allocates nothing; a value read from a node is
// therefore valid until the next run.
type Kernel struct {
	spec
	id       uint64
	b        *Builder
	label    Label
	operands []*G.Node
	result   *tensor.Dense
	in32     [][]float32
	in64     [][]float64
}

var (
	_ G.Op   = (*Kernel)(nil)
	_ G.SDOp = (*Kernel)(nil)
)

// node adds a primitive to the graph.
func (b *Builder) node(s spec, operands ...*G.Node) *G.Node {
	if !b.usable(operands) {
		return nil
	}
	s.shape = clone(s.shape)
	b.made++
	k := &Kernel{spec: s, id: b.made, b: b, label: b.label, operands: operands}
	n, err := G.ApplyOp(k, operands...)
	if err != nil {
		return b.fail(fmt.Errorf("%s (%v): %w", s.kind, b.label, err))
	}
	if n.Op() != G.Op(k) {
		return b.fail(fmt.Errorf("%s (%v): %w", s.kind, b.label, ErrMerged))
	}
	return n
}

// same is equality of shapes. The Eq of package tensor takes [n,1] and [n] for one shape.
func same(a, b tensor.Shape) bool { return slices.Equal(a, b) }

// clone copies a shape outside the pool that package tensor borrows from.
func clone(s tensor.Shape) tensor.Shape { return slices.Clone(s) }

// misfit records a ShapeError.
func (b *Builder) misfit(op, want string, operands ...*G.Node) *G.Node {
	e := &ShapeError{Op: op, Want: want, At: b.label}
	for _, n := range operands {
		e.Shapes = append(e.Shapes, n.Shape())
	}
	return b.fail(e)
}

// Kind is the primitive's name.
func (k *Kernel) Kind() string { return k.kind }

// Arity is the number of operands.
func (k *Kernel) Arity() int { return len(k.operands) }

// Type is a fresh function type at each call: Gorgonia gives it back to a pool.
func (k *Kernel) Type() hm.Type {
	ts := make([]hm.Type, 0, len(k.operands)+1)
	for _, n := range k.operands {
		ts = append(ts, G.TensorType{Dims: n.Shape().Dims(), Of: k.b.dt})
	}
	return hm.NewFnType(append(ts, G.TensorType{Dims: k.shape.Dims(), Of: k.b.dt})...)
}

// InferShape returns the result's shape, which was worked out when the op was made.
func (k *Kernel) InferShape(...G.DimSizer) (tensor.Shape, error) { return clone(k.shape), nil }

// ReturnsPtr is true: the result is the op's own array.
func (k *Kernel) ReturnsPtr() bool { return true }

// CallsExtern is false: kernels are Go.
func (k *Kernel) CallsExtern() bool { return false }

// OverwritesInput is -1: no kernel writes to its operands.
func (k *Kernel) OverwritesInput() int { return -1 }

// WriteHash writes the identity of this op, which no other op of the graph has.
func (k *Kernel) WriteHash(h hash.Hash) {
	var id [8]byte
	binary.LittleEndian.PutUint64(id[:], k.id)
	h.Write([]byte("metaplast "))
	h.Write(id[:])
}

// Hashcode is the op's identity itself.
func (k *Kernel) Hashcode() uint32 { return uint32(k.id) }

// String is the primitive's name and number.
func (k *Kernel) String() string { return fmt.Sprintf("%s#%d", k.kind, k.id) }

// Do runs the kernel. The value returned is the op's own array and is valid until Do is
// called again.
func (k *Kernel) Do(in ...G.Value) (G.Value, error) {
	if k.result == nil {
		k.result = NewTensor(k.b.dt, k.shape)
		k.in32 = make([][]float32, len(k.operands))
		k.in64 = make([][]float64, len(k.operands))
	}
	if len(in) != len(k.operands) {
		return nil, fmt.Errorf("%v: %d operands: want %d", k, len(in), len(k.operands))
	}
	switch out := k.result.Data().(type) {
	case []float32:
		for i, v := range in {
			k.in32[i] = v.Data().([]float32)
		}
		k.Run32(out, k.in32)
	case []float64:
		for i, v := range in {
			k.in64[i] = v.Data().([]float64)
		}
		k.Run64(out, k.in64)
	}
	return k.result, nil
}

// Run32 writes the result into out, in a graph of float32. It is what a machine that plans
// its own memory calls in place of Do: out has the size of the node's shape, in[i] that of
// operand i; out overlaps none of them.
func (k *Kernel) Run32(out []float32, in [][]float32) {
	k.f32(out, in)
	if k.b.watch != nil {
		watchKernel(k, out)
	}
}

// Run64 is Run32 for a graph of float64.
func (k *Kernel) Run64(out []float64, in [][]float64) {
	k.f64(out, in)
	if k.b.watch != nil {
		watchKernel(k, out)
	}
}

// DiffWRT tells Gorgonia which operands have a derivative.
func (k *Kernel) DiffWRT(n int) []bool {
	d := make([]bool, n)
	for i := range d {
		d[i] = k.differentiable(i)
	}
	return d
}

func (k *Kernel) differentiable(i int) bool {
	return k.grad != nil && (k.fixed == nil || !k.fixed[i])
}

// Differentiable reports whether the result of node n depends smoothly on operand i. An op
// without a symbolic derivative counts as dependent, so that asking for it is an error.
func Differentiable(n *G.Node, i int) bool {
	switch o := n.Op().(type) {
	case *Kernel:
		return o.differentiable(i)
	case G.SDOp:
		d := o.DiffWRT(len(Children(n)))
		return i < len(d) && d[i]
	}
	return true
}

// SymDiff is the derivative in the form that Gorgonia's own Grad asks for: a node for every
// operand that DiffWRT names.
func (k *Kernel) SymDiff(_ G.Nodes, out, g *G.Node) (G.Nodes, error) {
	r := make(G.Nodes, len(k.operands))
	for i := range r {
		if k.differentiable(i) {
			r[i] = k.grad(i, out, g)
		}
	}
	return r, k.b.err
}

// Derivatives returns what the operands of node out receive when out receives g: one node
// for each operand that want names and that the op is not constant in, nil elsewhere. For
// ops of this package only those contributions are built; of others SymDiff is called.
func (b *Builder) Derivatives(out, g *G.Node, want []bool) []*G.Node {
	if b.err != nil {
		return nil
	}
	r := make([]*G.Node, len(want))
	if k, ok := out.Op().(*Kernel); ok {
		for i := range r {
			if want[i] && k.differentiable(i) {
				r[i] = k.grad(i, out, g)
			}
		}
		return r
	}
	children := Children(out)
	sd, ok := out.Op().(G.SDOp)
	if !ok {
		b.fail(fmt.Errorf("%v (%v): the op has no symbolic derivative (gorgonia.SDOp): implement SymDiff or stop the gradient before it", out.Op(), b.label))
		return nil
	}
	diff := sd.DiffWRT(len(children))
	d, err := sd.SymDiff(children, out, g)
	if err != nil {
		b.fail(fmt.Errorf("derivative of %v: %w", out.Op(), err))
		return nil
	}
	for i, c := range children {
		switch {
		case !want[i] || !diff[i]:
		case i >= len(d) || d[i] == nil:
			b.fail(fmt.Errorf("derivative of %v: no node for operand %d, which DiffWRT calls differentiable", out.Op(), i))
		case !same(d[i].Shape(), c.Shape()):
			b.fail(&ShapeError{Op: fmt.Sprintf("derivative of %v by operand %d", out.Op(), i), Shapes: []tensor.Shape{d[i].Shape()}, Want: fmt.Sprint([]int(c.Shape())), At: b.label})
		default:
			r[i] = d[i]
		}
	}
	return r
}

// Fault is a result that holds NaN or Inf.
type Fault struct {
	At    Label
	Kind  string  // the primitive
	Made  uint64  // order of making: of all faults of a run the one made first is the origin
	Value float64 // NaN, +Inf or -Inf
	Index int     // of the first such element
}

// Watch calls f during runs for every result of this graph's primitives that holds NaN or
// Inf, until Watch(nil). Cost: one pass over every result.
func (b *Builder) Watch(f func(Fault)) { b.watch = f }

func watchKernel[T float](k *Kernel, out []T) {
	for i, v := range out {
		if x := float64(v); math.IsNaN(x) || math.IsInf(x, 0) {
			k.b.watch(Fault{At: k.label, Kind: k.kind, Made: k.id, Value: x, Index: i})
			return
		}
	}
}
