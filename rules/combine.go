package rules

import (
	"fmt"
	"maps"
	"slices"

	G "gorgonia.org/gorgonia"

	"metaplast/data/fault"
	"metaplast/graph/op"
)

// Combinator is a rule made of another one, which it changes: {name: trace, of: oja}. It has the
// parameters, the variables and the needs of that rule beside its own, the names of which begin with its
// name, and but for normalise is local if that rule is.
//
// Of one kind stands inside an Updater or another combinator, of the other kind outside:
//
//	trace, modulated, counted   change Δ, and stand around rules that have one
//	decay                       changes the weights afterwards, around rules that have a Δ
//	clip, normalise             change the weights afterwards, around any rule
type Combinator interface {
	Rule
	Inner() Rule
}

// Weighted is a rule whose change is a sum over the examples of a step, each of which it can give a
// weight of its own:
//
//	Δ  [out,in]  Σ_n m_n Δ_n
//	m  [N]
//
// Weigh returns it, and the state after the step, nil of a rule without, in which every example counts
// alike. With m = 1 it is Delta. Rules without state need not implement it: of them Δ of each example is
// built alone.
type Weighted interface {
	Rule
	Weigh(b *op.Builder, s Synapses, m *G.Node) (delta *G.Node, next Values)
}

// Competitive is a rule that lets the postsynaptic units of a layer compete before it uses their
// activity: Compete returns what is left of it [N,out], Post itself if they do not.
type Competitive interface {
	Rule
	Compete(b *op.Builder, post *G.Node) *G.Node
}

// Weighs reports whether a rule's change has a meaning with a weight for each example.
func Weighs(r Rule) bool {
	_, weighted := r.(Weighted)
	if c, ok := r.(Combinator); ok && weighted {
		return Weighs(c.Inner())
	}
	return weighted || len(StateOf(r)) == 0
}

// Weigh is Σ_n m_n Δ_n of a rule and its state after the step, for rules made of rules. m is [N], or [1]
// for all examples alike. Cost: of a rule that is not Weighted, N times its nodes unless m is [1].
func Weigh(b *op.Builder, r Rule, s Synapses, m *G.Node) (delta *G.Node, next Values) {
	if !b.Usable(m, s.Pre, s.Post, s.W) {
		return nil, nil
	}
	n := s.Pre.Shape()[0]
	if m.Shape().TotalSize() == 1 {
		delta, next = Changes(b, r, s)
		return b.ScaleBy(delta, m), next
	}
	if w, ok := r.(Weighted); ok {
		return w.Weigh(b, s, m)
	}
	if !Weighs(r) {
		return b.Fail(fmt.Errorf("rule %s: want one that can weigh examples, see Weighted, or a modulator with one value for a step", r.Info().Name)), nil
	}
	for i := range n {
		one := r.Delta(b, s.example(b, i))
		if i == 0 {
			delta = b.ScaleBy(one, b.Rows(m, 0, 1))
			continue
		}
		delta = b.Add(delta, b.ScaleBy(one, b.Rows(m, i, i+1)))
	}
	return delta, nil
}

// example is what a rule sees of one example.
func (s Synapses) example(b *op.Builder, i int) Synapses {
	for _, of := range []**G.Node{&s.Pre, &s.Post, &s.Feedback, &s.Activity, &s.PreFeedback} {
		if *of != nil {
			*of = b.Rows(*of, i, i+1)
		}
	}
	if m := s.Modulator; m != nil && m.Shape().TotalSize() > 1 {
		s.Modulator = b.Rows(m, i, i+1)
	}
	return s
}

// competing is the postsynaptic activity that the innermost rule uses.
func competing(b *op.Builder, r Rule, post *G.Node) *G.Node {
	for {
		if c, ok := r.(Competitive); ok {
			return c.Compete(b, post)
		}
		c, ok := r.(Combinator)
		if !ok {
			return post
		}
		r = c.Inner()
	}
}

// checkInner says why a rule cannot be inside a combinator, which needs its Δ or not.
func checkInner(c Combinator, needsDelta bool) (f fault.Fields) {
	const of = "of"
	inner := c.Inner()
	if inner == nil {
		f.Check(false, of, fault.Words("no rule"), "one, such as "+HebbName)
		return f
	}
	name := c.Info().Name
	for r := inner; r != nil; {
		if r.Info().Name == name {
			f.Check(false, of, name, "another rule: "+name+" can be there once")
			break
		}
		next, ok := r.(Combinator)
		if !ok {
			break
		}
		r = next.Inner()
	}
	if _, ok := inner.(Updater); ok && needsDelta && len(f) == 0 {
		outer := inner.Info().Name
		f.Check(false, of, outer, fmt.Sprintf("a rule with a change of its own: put %s outside, as in {name: %s, of: {name: %s}}", outer, outer, name))
	}
	return f
}

// observing is what a rule sees beside what another one does.
func observing(r Rule, also Observed) Observed {
	see := Sees(r)
	return Observed{
		Activity: see.Activity || also.Activity, Probabilities: see.Probabilities || also.Probabilities, PreFeedback: see.PreFeedback || also.PreFeedback,
		Initial: see.Initial || also.Initial, Modulator: see.Modulator || also.Modulator,
	}
}

// paramsBeside are the parameters of a rule, and others.
func paramsBeside(r Rule, own ...Param) []Param { return append(slices.Clip(ParamsOf(r)), own...) }

// stateBeside are the variables of a rule, and others.
func stateBeside(r Rule, own ...Variable) []Variable { return append(slices.Clip(StateOf(r)), own...) }

// beside is values and one more, in a map of its own.
func (v Values) beside(name string, n *G.Node) Values {
	c := maps.Clone(v)
	if c == nil {
		c = Values{}
	}
	c[name] = n
	return c
}

// meanFactor is the mean of a third factor over the examples [1].
func meanFactor(b *op.Builder, m *G.Node) *G.Node {
	if !b.Usable(m) || m.Shape().TotalSize() == 1 {
		return m
	}
	return b.Scale(b.Sum(m), 1/float64(m.Shape().TotalSize()))
}

// norms are the lengths of the rows of a matrix [m]. That of a row of zeros is 0, with derivative 0. The
// second result is 1 for such a row, else 0.
func norms(b *op.Builder, x *G.Node) (norm, zero *G.Node) {
	squares := b.RowDot(x, x)
	zero = b.Sub(b.OnesLike(squares), b.Sign(squares))
	return b.Sub(b.Sqrt(b.Add(squares, zero)), zero), zero
}
