package rules

import (
	"errors"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data/catalog"
	"metaplast/graph/op"
)

// Info describes a rule or pathway to readers of `metaplast rules`, in the symbols of the package
// comment.
type Info = catalog.Info

// Synapses is what the synapses of one layer see in one inner step of N examples. Those of a
// convolution see every position of every example as an example of its own: N stands for
// N·H'·W' then, in is C·k·k, and out the number of channels.
type Synapses struct {
	Pre      *G.Node // [N,in]   presynaptic activity h_l
	Post     *G.Node // [N,out]  postsynaptic activity p_l, with feedback mixed in
	Feedback *G.Node // [N,out]  feedback f_l alone; nil if the layer has none, as with pathway none
	W        *G.Node // [out,in] weights at this inner step
}

// Rule is a local learning rule.
//
// Delta is called once for every plastic layer and inner step while a graph is built. It
// adds nodes through b and returns
//
//	Δ  [out,in]  the change of the weights, summed over the N examples, before plasticity
//
// so that W ← W + κ α ∘ Δ. Errors go to b, as explained at op.Builder. A rule is a value
// without state, safe for use by several builders at once; it must not bind values or
// modify arrays. It is local: Δ[i,j] depends on Pre[:,j], Post[:,i], Feedback[:,i] and row i
// of W only, and the order of the examples does not matter; rulestest verifies both. With plastic
// biases the same rule is applied to a synapse from a unit that is always 1. Where Feedback is nil
// it does without, or gives ErrNoFeedback to b.Fail.
type Rule interface {
	Info() Info
	Delta(b *op.Builder, s Synapses) *G.Node
}

// Stepper is a rule that knows how to apply its change without storing it, which is where
// the time and memory of long episodes go. Step returns
//
//	W' = W + κ α ∘ Δ   [out,in]
//
// and must equal b.Change(s.W, Delta(b, s), p), values and derivatives; rulestest compares
// the two. Rules need not implement it.
type Stepper interface {
	Rule
	Step(b *op.Builder, s Synapses, p op.Plasticity) *G.Node
}

// NeedsFeedback reports whether a rule gives ErrNoFeedback where there is none. Cost: one call of
// Delta in a small graph of its own.
func NeedsFeedback(r Rule) bool {
	b := op.New(tensor.Float32)
	r.Delta(b, Synapses{Pre: b.Input("pre", 2, 3), Post: b.Input("post", 2, 4), W: b.Input("W", 4, 3)})
	return errors.Is(b.Err(), ErrNoFeedback)
}

// Apply returns the weights after one update by a rule, by its Step where it has one.
func Apply(b *op.Builder, r Rule, s Synapses, p op.Plasticity) *G.Node {
	if st, ok := r.(Stepper); ok {
		return st.Step(b, s, p)
	}
	return b.Change(s.W, r.Delta(b, s), p)
}
