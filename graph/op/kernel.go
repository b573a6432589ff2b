package op

import (
	"encoding/binary"
	"fmt"
	"hash"
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

	// work replaces f32 and f64 where the kernel can be divided, needs scratch memory or has
	// several results.
	work *work

	// grad returns what input i receives when the result receives g, as nodes. Inputs for
	// which fixed is true receive nothing; a nil grad says that about all of them. Where acc
	// is not nil the contribution is added to it; ignoring acc is an error.
	grad  func(i int, out, g, acc *G.Node) *G.Node
	fixed []bool

	// pull replaces grad where the contributions to several inputs are computed together:
	// it fills in those that want names, each added to acc where that is not nil.
	pull func(out, g *G.Node, want []bool, acc []*G.Node) []*G.Node

	over   []int // operands whose array the result may overwrite, where nobody reads it any more
	view   bool  // the result is part of operand 0, from element offset on
	offset int
	places []int // of JoinRows: where in the result each operand goes, if none overlaps another
	cheap  bool  // costs no more to compute again than to keep

	products []Product // matrix products of all pieces together, for counting operations
}

// work is a kernel in pieces that can run side by side: piece i writes what no other piece
// does, so that the result does not depend on who runs which, or when. Each has scratch
// elements of memory of its own for the time that it runs. out holds an array for each
// result, nil for those that are not asked for.
type work struct {
	pieces  int
	scratch int
	f32     func(out, in [][]float32, piece int, scratch []float32)
	f64     func(out, in [][]float64, piece int, scratch []float64)
}

// Product is one matrix product [m,k] times [k,n] of a kernel, either operand transposed.
type Product struct {
	TA, TB  bool
	M, N, K int
}

// FLOPs is 2·m·n·k.
func (p Product) FLOPs() float64 { return 2 * float64(p.M) * float64(p.N) * float64(p.K) }

// Kernel is the Gorgonia op behind every primitive. Do keeps the array of its result from
// run to run, so that running a graph again allocates nothing; a value read from a node is
// therefore valid until the next run.
type Kernel struct {
	spec
	id       uint64
	b        *Builder
	label    Label
	operands []*G.Node
	group    []*G.Node // the results of one pass over the operands, this one included; nil for one
	member   int       // index in group
	buffers  *doBuffers
}

// doBuffers is what Do keeps from call to call.
type doBuffers struct {
	result    *tensor.Dense
	out32     [][]float32
	out64     [][]float64
	in32      [][]float32
	in64      [][]float64
	scratch32 []float32
	scratch64 []float64
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
	for i, n := range operands {
		if n.IsScalar() || n.Dtype() != b.dt {
			return b.fail(&ShapeError{Op: s.kind, Shapes: []tensor.Shape{n.Shape()}, Want: fmt.Sprintf("operand %d an array of %v (a number has shape [1]), have %v", i, b.dt, n.Type()), At: b.label})
		}
	}
	b.index.expect()
	n := G.NewUniqueNode(G.WithType(G.TensorType{Dims: k.shape.Dims(), Of: b.dt}), G.WithOp(k), G.WithChildren(operands), G.In(b.g), G.WithShape(k.shape...))
	if n.Op() != G.Op(k) {
		return b.fail(fmt.Errorf("%s (%v): %w", s.kind, b.label, ErrMerged))
	}
	return n
}

// nodes adds the results of one pass over the same operands: one spec for each result that
// is wanted. All share the first one's work, in which result i is out[member[i]].
func (b *Builder) nodes(specs []spec, members []int, operands ...*G.Node) []*G.Node {
	group := make([]*G.Node, len(specs))
	for i, s := range specs {
		group[i] = b.node(s, operands...)
		if group[i] == nil {
			return group
		}
	}
	for i, n := range group {
		k := n.Op().(*Kernel)
		k.group, k.member = group, members[i]
	}
	return group
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
