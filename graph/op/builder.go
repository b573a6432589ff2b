package op

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/blas"
)

// Label says which place of an episode a node belongs to. Divergence reports, profiles and
// pictures of a graph are grouped by it.
type Label struct {
	Learner  string // name of the learner, empty for what learners share
	Step     int    // inner step, or Query, Prefix
	Layer    int    // weight layer, or -1
	Array    string // what is computed: "h", "f", "post", "delta", "W", "loss", …
	Backward bool   // the node belongs to the outer gradient of what the rest names
}

// Steps that are not inner steps.
const (
	Query  = -1 // the query pass, after the last inner step
	Prefix = -2 // the frozen prefix, computed once for all examples
)

func (l Label) String() string {
	s := "inner step " + fmt.Sprint(l.Step)
	switch l.Step {
	case Query:
		s = "query"
	case Prefix:
		s = "frozen prefix"
	}
	if l.Layer >= 0 {
		s += fmt.Sprintf(", layer %d", l.Layer)
	}
	switch {
	case l.Backward:
		s += ", gradient of " + l.Array
	case l.Array != "":
		s += ", " + l.Array
	}
	if l.Learner != "" {
		s = l.Learner + ": " + s
	}
	return s
}

// Builder makes the nodes of one ExprGraph. It is not safe for concurrent use, nor is
// anything made by it: workers build graphs of their own.
type Builder struct {
	g      *G.ExprGraph
	dt     tensor.Dtype
	made   uint64
	names  map[string]bool
	label  Label
	err    error
	watch  func(Fault)
	index  index
	lib    *blas.Library
	fused  bool
	stacks map[string]*G.Node // what Stack has made, by its operands

	stacked []Stacked // the same in the order of making
}

// New returns a Builder for a new graph. dt is tensor.Float32 or tensor.Float64.
func New(dt tensor.Dtype) *Builder {
	b := &Builder{g: G.NewGraph(), dt: dt, names: map[string]bool{}, label: Label{Layer: -1}, fused: true}
	b.index = newIndex(b.g)
	lib, err := blas.Default()
	if err != nil {
		b.fail(err)
	}
	b.lib = lib
	if err := CheckKernels(); err != nil {
		b.fail(err)
	}
	if dt != tensor.Float32 && dt != tensor.Float64 {
		b.fail(fmt.Errorf("dtype %v: want float32 or float64", dt))
	}
	return b
}

// Compose makes Dense, Post, OjaStep and the other fused ops build the compositions of
// primitives that they stand for: the reference that tests compare them with.
func (b *Builder) Compose() { b.fused = false }

// Graph is the ExprGraph that the nodes are in.
func (b *Builder) Graph() *G.ExprGraph { return b.g }

// Dtype is the type of every array of the graph.
func (b *Builder) Dtype() tensor.Dtype { return b.dt }

// Err is the first error of any method, or nil.
func (b *Builder) Err() error { return b.err }

// At sets the label of the nodes that are made from now on and returns the former one.
func (b *Builder) At(l Label) (former Label) {
	former, b.label = b.label, l
	return former
}

// Array sets the Array field alone of the label of the nodes made from now on.
func (b *Builder) Array(name string) { b.label.Array = name }

// Layer sets the Layer field alone of the label of the nodes made from now on.
func (b *Builder) Layer(l int) { b.label.Layer = l }

// LabelOf returns the label that a node was made under, and whether it was made by a
// Builder's op at all.
func LabelOf(n *G.Node) (Label, bool) {
	if k, ok := n.Op().(*Kernel); ok {
		return k.label, true
	}
	return Label{}, false
}

func (b *Builder) fail(err error) *G.Node {
	if b.err == nil {
		b.err = err
	}
	return nil
}

// Fail records an error of a rule's or pathway's own, as methods of the Builder do, and
// returns nil.
func (b *Builder) Fail(err error) *G.Node { return b.fail(err) }

// Input makes a node that a value is bound to before each run. Names are unique in a graph,
// because Gorgonia takes inputs of one name for one node.
func (b *Builder) Input(name string, shape ...int) *G.Node {
	if b.err != nil {
		return nil
	}
	if name == "" || b.names[name] {
		return b.fail(fmt.Errorf("input %q: want a name that no other input of the graph has", name))
	}
	for _, d := range shape {
		if d < 1 {
			return b.fail(fmt.Errorf("input %q of shape %v: want sizes of at least 1", name, shape))
		}
	}
	if len(shape) == 0 {
		return b.fail(fmt.Errorf("input %q: want at least one dimension (a number has shape [1])", name))
	}
	b.names[name] = true
	n := G.NewTensor(b.g, b.dt, len(shape), G.WithShape(shape...), G.WithName(name))
	if n.Name() != name {
		return b.fail(fmt.Errorf("input %q: %w", name, ErrMerged))
	}
	return n
}

// Apply adds an op that is not of this package, Gorgonia's or a user's own. Its SymDiff is
// used for the outer gradient. Beware: Gorgonia's own ops are subject to its merging of
// nodes; an op of yours should write something unique into its hash.
func (b *Builder) Apply(o G.Op, operands ...*G.Node) *G.Node {
	if !b.usable(operands) {
		return nil
	}
	b.index.expect()
	n, err := G.ApplyOp(o, operands...)
	if err != nil {
		return b.fail(fmt.Errorf("%v (%v): %w", o, b.label, err))
	}
	return n
}

// Lift takes the result of one of Gorgonia's own functions, as in b.Lift(gorgonia.Tanh(x)).
func (b *Builder) Lift(n *G.Node, err error) *G.Node {
	switch {
	case b.err != nil:
		return nil
	case err != nil:
		return b.fail(fmt.Errorf("%v: %w", b.label, err))
	}
	return n
}

func (b *Builder) usable(operands []*G.Node) bool {
	if b.err != nil {
		return false
	}
	for i, n := range operands {
		if n == nil {
			b.fail(fmt.Errorf("operand %d is nil (%v)", i, b.label))
			return false
		}
		if n.Graph() != b.g {
			b.fail(fmt.Errorf("%v (%v): %w", n, b.label, ErrForeignGraph))
			return false
		}
	}
	return true
}

// Children returns the operands of a node in order.
func Children(n *G.Node) []*G.Node {
	if k, ok := n.Op().(*Kernel); ok {
		return k.operands
	}
	it := n.Graph().From(n.ID())
	if it == nil {
		return nil
	}
	var c []*G.Node
	for it.Next() {
		c = append(c, it.Node().(*G.Node))
	}
	return c
}
