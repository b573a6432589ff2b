package op

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Primitive is an op of one's own, in the form in which those of this package are written: a
// kernel for each type, and the derivative as nodes. [Builder.Define] puts it into the graph.
//
//	// Softsign is c = a / (1 + |a|). a receives g ∘ (1 − |c|)².
//	func Softsign(b *op.Builder, x *G.Node) *G.Node {
//		if !b.Usable(x) {
//			return nil
//		}
//		return b.Define(op.Primitive{Kind: "Softsign", Shape: x.Shape(), F32: softsign[float32], F64: softsign[float64], Grad: …}, x)
//	}
//
// What Define makes is a [Kernel] like any other: machines keep its result in memory of their
// own, run it beside others, and watch it for NaN and Inf; nothing is allocated when the graph
// runs. rulestest.CheckOp checks kernels and derivative.
type Primitive struct {
	Kind  string // name, for errors, reports and pictures; not empty
	Shape []int  // of the result: at least one dimension, sizes of at least 1 (a number is [1])

	// The kernel, once for each type; both are wanted. in[i] has the elements of operand i and out
	// those of the result, row-major. It writes every element of out and none of in, allocates and
	// keeps nothing, is a function of in alone, and may run on any thread. NaN in gives NaN out.
	F32 func(out []float32, in [][]float32)
	F64 func(out []float64, in [][]float64)

	// Grad returns what operand i receives when the result out receives g: the transposed
	// Jacobian times g, of the shape of operand i, made of nodes that have derivatives
	// themselves. It is called while a reverse pass is built, for operands that are not Fixed
	// only. Contributions of several uses of an operand are added by the Builder. It may be nil
	// if all operands are Fixed.
	Grad func(i int, out, g *G.Node) *G.Node

	Fixed    []bool    // operands that the result is constant in, almost everywhere; nil means none
	Over     []int     // operands of as many elements as the result, in whose array F32 and F64 may write it: element j of out depends on no element of theirs but j; nil means none
	Cheap    bool      // costs no more to compute again than to keep
	Products []Product // matrix products of one run, for counting operations; nil means none
}

// Define adds an op of one's own to the graph and returns its result. A Primitive that lacks
// something is an error of the Builder, as is a derivative that is nil or has another shape than
// its operand. Cost: that of any other node.
func (b *Builder) Define(p Primitive, operands ...*G.Node) *G.Node {
	if !b.usable(operands) {
		return nil
	}
	if err := p.check(operands); err != nil {
		return b.fail(fmt.Errorf("define %q (%v): %w", p.Kind, b.label, err))
	}
	s := spec{kind: p.Kind, shape: p.Shape, f32: p.F32, f64: p.F64, fixed: p.Fixed, over: p.Over, cheap: p.Cheap, products: p.Products}
	if p.Grad != nil {
		s.grad = func(i int, out, g, acc *G.Node) *G.Node {
			d := p.Grad(i, out, g)
			if b.err == nil && d == nil {
				b.fail(fmt.Errorf("derivative of %v by operand %d (%v): have nil: want a node, or the operand among Fixed", out.Op(), i, b.label))
			}
			if b.err != nil || !b.usable([]*G.Node{d}) {
				return nil
			}
			if !same(d.Shape(), operands[i].Shape()) {
				return b.fail(&ShapeError{Op: fmt.Sprintf("derivative of %v by operand %d", out.Op(), i), Shapes: []tensor.Shape{d.Shape()}, Want: fmt.Sprint([]int(operands[i].Shape())), At: b.label})
			}
			return b.sum(acc, d)
		}
	}
	return b.node(s, operands...)
}

// check says what a Primitive lacks.
func (p Primitive) check(operands []*G.Node) error {
	switch {
	case p.Kind == "":
		return fmt.Errorf("field Kind is empty: want the name of the op")
	case len(operands) == 0:
		return fmt.Errorf("there are no operands: want at least one")
	case len(p.Shape) == 0:
		return fmt.Errorf("field Shape is empty: want at least one dimension (a number has shape [1])")
	case p.F32 == nil || p.F64 == nil:
		return fmt.Errorf("field F32 or F64 is nil: want the kernel for both")
	case p.Fixed != nil && len(p.Fixed) != len(operands):
		return fmt.Errorf("field Fixed has %d entries: want one for each of %d operands, or nil", len(p.Fixed), len(operands))
	}
	size := 1
	for _, d := range p.Shape {
		if d < 1 {
			return fmt.Errorf("field Shape is %v: want sizes of at least 1", p.Shape)
		}
		size *= d
	}
	for i := range operands {
		if p.Grad == nil && (p.Fixed == nil || !p.Fixed[i]) {
			return fmt.Errorf("field Grad is nil, and operand %d is not Fixed: want its derivative", i)
		}
	}
	for _, i := range p.Over {
		if i < 0 || i >= len(operands) {
			return fmt.Errorf("field Over names operand %d: want 0 to %d", i, len(operands)-1)
		}
		if n := operands[i].Shape().TotalSize(); n != size {
			return fmt.Errorf("field Over names operand %d of %d elements: want %d, as the result has", i, n, size)
		}
	}
	return nil
}

// Usable reports whether an op can be made of operands, which every op asks before it looks at
// their shapes: not if there has been an error. That an operand is nil, or belongs to another
// graph, is one.
func (b *Builder) Usable(operands ...*G.Node) bool { return b.usable(operands) }

// Misfit records a ShapeError of an op whose operands do not fit together, and returns nil. want
// says what would, as in "equal shapes" or "[m] and [m,n]".
func (b *Builder) Misfit(op, want string, operands ...*G.Node) *G.Node {
	return b.misfit(op, want, operands...)
}
