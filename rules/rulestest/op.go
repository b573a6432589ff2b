package rulestest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/engine"
	"metaplast/graph/op"
)

// Op is an op of one's own to be checked, as op.Builder.Define makes it.
type Op struct {
	Name   string
	Shapes [][]int                                         // of the operands
	Build  func(b *op.Builder, operands []*G.Node) *G.Node // the result
	Fixed  []int                                           // operands that the result is constant in, almost everywhere; nil means none
}

// CheckOp reports every fault of an op to t:
//
//	shapes       it can be built
//	derivative   by every operand it agrees with central differences, which are zero where it is
//	             Fixed, and so does the derivative of the derivative, since meta-gradients are
//	             derivatives of what rules do with it
//	inputs       operands are not written to
//	determinism  the same bits on every run, for every build, on either machine and where the
//	             result is written over an operand
//	float32      the same meaning in single precision, derivatives included
//	NaN          an operand of NaN leaves a NaN in the result, Fixed ones excepted
//
// Derivatives are compared as the package comment says. Of Options, Seed, Step, Halvings and
// Tolerance are looked at. Cost: hundredths of a second for operands of some dozen elements.
func CheckOp(t testing.TB, c Op, opts Options) {
	t.Helper()
	for _, f := range OpFaults(c, opts) {
		t.Errorf("op %s: %v", c.Name, f)
	}
}

// OpFaults is CheckOp without a test: every fault, none if there is none. If the op cannot be
// built, nothing else is looked at.
func OpFaults(c Op, opts Options) []Finding {
	o, err := opts.defaults()
	if err != nil {
		return []Finding{{"options", "rulestest.Options", err.Error()}}
	}
	found := guard("shapes", "building", func() []Finding { return o.opShapes(c) })
	if len(found) > 0 {
		return found
	}
	for _, check := range []struct {
		name string
		run  func(Op) []Finding
	}{{"derivative", o.opDerivative}, {"inputs", o.opInputs}, {"determinism", o.opDeterminism}, {"float32", o.opFloat32}, {"NaN", o.opNaN}} {
		found = append(found, few(guard(check.name, "", func() []Finding { return check.run(c) }))...)
	}
	return found
}

// built is a graph of one op: its result, a cost that is curved in it, and its derivatives.
type built struct {
	b       *op.Builder
	inputs  []array
	result  *G.Node
	cost    *G.Node // ⟨c, v⟩ + ⟨c∘c, w⟩ of the result c, with fixed v and w
	second  *G.Node // the same of all derivatives of cost, nil if there is none
	outputs []*G.Node
	names   []string
}

// opGraph builds an op and its derivatives. Where shifted, operands are computed by another node,
// so that a machine may write over them.
func (o Options) opGraph(c Op, dt tensor.Dtype, shifted bool) (*built, error) {
	if c.Build == nil || len(c.Shapes) == 0 {
		return nil, errors.New("have a rulestest.Op without Build or Shapes, want both")
	}
	s := &built{b: op.New(dt)}
	var operands []*G.Node
	for i, shape := range c.Shapes {
		name := fmt.Sprint("operand ", i)
		a, err := input(s.b, name, o.values(c.Name+"/"+name, tensor.Shape(shape).TotalSize()), shape...)
		if err != nil {
			return nil, err
		}
		n := a.node
		if shifted {
			n = s.b.Scale(s.b.Scale(n, 2), 0.5) // the very bits
		}
		s.inputs, operands = append(s.inputs, a), append(operands, n)
	}
	s.result = c.Build(s.b, operands)
	switch {
	case s.b.Err() != nil:
		return nil, s.b.Err()
	case s.result == nil:
		return nil, errors.New("the op returned nil without an error in the Builder")
	}
	s.outputs, s.names = []*G.Node{s.result}, []string{"the result"}
	var err error
	if s.cost, err = o.curved(s.b, c.Name+"/cost", s.result); err != nil {
		return nil, err
	}
	var wrt []*G.Node
	for _, a := range s.inputs {
		wrt = append(wrt, a.node)
	}
	grads, err := engine.Grad(s.b, s.cost, wrt...)
	if err != nil {
		return nil, err
	}
	for i, g := range grads {
		if g == nil {
			continue
		}
		if slices.Contains(c.Fixed, i) {
			return nil, fmt.Errorf("operand %d is Fixed, and the op has a derivative by it: want one or the other", i)
		}
		s.outputs, s.names = append(s.outputs, g), append(s.names, "the derivative by "+s.inputs[i].name)
		term, err := o.curved(s.b, fmt.Sprint(c.Name, "/derivative ", i), g)
		if err != nil {
			return nil, err
		}
		if s.second != nil {
			term = s.b.Add(s.second, term)
		}
		s.second = term
	}
	return s, s.b.Err()
}

// curved is a number that sees every element of n, and its derivative every element of n's.
func (o Options) curved(b *op.Builder, name string, n *G.Node) (*G.Node, error) {
	size := n.Shape().TotalSize()
	v, err := input(b, name+"/v", o.values(name+"/v", size), n.Shape()...)
	if err != nil {
		return nil, err
	}
	w, err := input(b, name+"/w", o.values(name+"/w", size), n.Shape()...)
	if err != nil {
		return nil, err
	}
	return b.Add(b.Dot(n, v.node), b.Dot(b.Mul(n, n), w.node)), b.Err()
}

// values runs the graph and copies its outputs.
func (s *built) values(m engine.Machine, runs int) ([][]float64, error) {
	vm, err := m(s.b, s.outputs)
	if err != nil {
		return nil, err
	}
	defer vm.Close()
	var all [][]float64
	for range runs {
		if err := vm.RunAll(); err != nil {
			return nil, err
		}
		all = all[:0]
		for _, n := range s.outputs {
			all = append(all, read(n))
		}
	}
	return all, nil
}

// cannot is a check that could not run.
func cannot(check string, err error) []Finding {
	return []Finding{{check, "float64", "cannot run: " + err.Error()}}
}

func (o Options) opShapes(c Op) []Finding {
	s, err := o.opGraph(c, float64s, false)
	if err == nil {
		_, err = s.values(sequential, 1)
	}
	if err != nil {
		return cannot("shapes", err)
	}
	return nil
}

func (o Options) opDerivative(c Op) []Finding {
	var found []Finding
	for _, order := range []string{"order 1", "order 2"} {
		undefined := false
		r, err := o.decide(func(o Options) (result, error) {
			s, err := o.opGraph(c, float64s, false)
			if err != nil {
				return result{}, err
			}
			cost := s.cost
			if order == "order 2" {
				cost = s.second
			}
			if undefined = cost == nil; undefined {
				return result{}, nil
			}
			return o.against(s.b, cost, s.inputs)
		})
		if err != nil {
			return append(found, Finding{"derivative", order, "cannot run: " + err.Error()})
		}
		if undefined {
			return found
		}
		if found = append(found, r.findings("derivative", order)...); len(found) > 0 {
			return found // order 2 differentiates what is wrong
		}
	}
	return found
}

func (o Options) opInputs(c Op) []Finding {
	for _, m := range []engine.Machine{sequential, tape} {
		s, err := o.opGraph(c, float64s, false)
		if err != nil {
			return cannot("inputs", err)
		}
		var before [][]float64
		for _, a := range s.inputs {
			before = append(before, slices.Clone(a.data))
		}
		if _, err := s.values(m, 1); err != nil {
			return cannot("inputs", err)
		}
		for i, a := range s.inputs {
			if at := differ(before[i], a.data); at >= 0 {
				return []Finding{{"inputs", a.place(at), fmt.Sprintf("it was %v and is %v after a run: want operands not to be written to", before[i][at], a.data[at])}}
			}
		}
	}
	return nil
}

func (o Options) opDeterminism(c Op) []Finding {
	var first [][]float64
	for _, m := range []struct {
		name    string
		machine engine.Machine
		shifted bool
	}{{"Tape", tape, false}, {"Sequential", sequential, false}, {"Planned, over its operands", engine.Planned(engine.Options{Threads: 1}), true}} {
		for runs := 1; runs <= 2; runs++ {
			s, err := o.opGraph(c, float64s, m.shifted)
			if err != nil {
				return cannot("determinism", err)
			}
			if m.shifted {
				s.outputs, s.names = s.outputs[:1], s.names[:1] // without derivatives, nobody else reads the operands
			}
			values, err := s.values(m.machine, runs)
			if err != nil {
				return cannot("determinism", err)
			}
			if first == nil {
				first = values
			}
			for i, v := range values {
				if at := differ(first[i], v); at >= 0 {
					return []Finding{{"determinism", fmt.Sprintf("%s, run %d", m.name, runs), fmt.Sprintf("%s at %s is %v, at first it was %v: want the same bits", s.names[i], element("", s.outputs[i].Shape(), at), v[at], first[i][at])}}
				}
			}
		}
	}
	return nil
}

func (o Options) opFloat32(c Op) []Finding {
	var all [2][][]float64
	var names []string
	for i, dt := range []tensor.Dtype{float64s, float32s} {
		s, err := o.opGraph(c, dt, false)
		if err == nil {
			all[i], err = s.values(sequential, 1)
		}
		if err != nil {
			return cannot("float32", err)
		}
		names = s.names
	}
	for k, want := range all[0] {
		bound := singleTolerance*magnitude(want) + singleRounding
		for i := range want {
			if got := all[1][k][i]; !(math.Abs(want[i]-got) <= bound) {
				return []Finding{{"float32", fmt.Sprint("element ", i), fmt.Sprintf("%s is %g, in float64 %g", names[k], got, want[i])}}
			}
		}
	}
	return nil
}

func (o Options) opNaN(c Op) []Finding {
	var found []Finding
	for i := range c.Shapes {
		if slices.Contains(c.Fixed, i) {
			continue
		}
		s, err := o.opGraph(c, float64s, false)
		if err != nil {
			return cannot("NaN", err)
		}
		for j := range s.inputs[i].data {
			s.inputs[i].data[j] = math.NaN()
		}
		s.outputs = s.outputs[:1]
		values, err := s.values(sequential, 1)
		if err != nil {
			return cannot("NaN", err)
		}
		if !slices.ContainsFunc(values[0], math.IsNaN) {
			found = append(found, Finding{"NaN", s.inputs[i].name, "the operand is NaN and no element of the result is: want NaN, so that divergence is seen"})
		}
	}
	return found
}
