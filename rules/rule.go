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
//
// What a rule has not asked for (see Observer, Parametric, Rememberer) is nil.
type Synapses struct {
	Pre      *G.Node // [N,in]   presynaptic activity h_l
	Post     *G.Node // [N,out]  postsynaptic activity p_l, with feedback mixed in
	Feedback *G.Node // [N,out]  feedback f_l alone; nil if the layer has none, as with pathway none
	W        *G.Node // [out,in] weights at this inner step

	Activity    *G.Node // [N,out]  activity h_{l+1} of the postsynaptic units themselves
	PreFeedback *G.Node // [N,in]   feedback of the presynaptic units; nil where these have none, as the network's inputs
	Initial     *G.Node // [out,in] W(0), the slow weights
	Modulator   *G.Node // [N] or [1] third factor m

	Params Values // θ, meta-parameters of the rule's own: [1] or [out] of a number, see Param
	State  Values // s(t), variables of the rule's own at this inner step, see Variable
}

// Values are the nodes of a rule's parameters or state by name.
type Values map[string]*G.Node

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
//
// What a rule can be beside that is said by further interfaces:
//
//	Stepper     a change that is applied without being stored
//	Observer    more is seen than the four arrays above
//	Parametric  meta-parameters of its own
//	Stateful    variables of its own that live through the episode
//	Updater     the weights after a step are more than W + κ α ∘ Δ
//	Combinator  it is made of another rule
//	Weighted    its examples can have weights, which a third factor gives
//	Competitive the units of a layer compete before their activity is used
//	NonLocal    a synapse sees what it cannot see in a brain
//	Reader      as rule of the output layer it also says how answers are read
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
	s := Trial(b, r, 2, 3, 4)
	s.Feedback, s.PreFeedback = nil, nil
	Apply(b, r, s, op.Plasticity{Scale: 1})
	return errors.Is(b.Err(), ErrNoFeedback)
}

// Trial makes inputs for all that a rule sees, of a layer of the given sizes in one inner step of n
// examples, with a parameter of each name for the whole layer and a modulator per example: for
// trying a rule in a graph of its own.
func Trial(b *op.Builder, r Rule, n, in, out int) Synapses {
	s := Synapses{
		Pre: b.Input("pre", n, in), Post: b.Input("post", n, out), Feedback: b.Input("feedback", n, out), W: b.Input("W", out, in),
	}
	see := Sees(r)
	if see.Activity {
		s.Activity = b.Input("activity", n, out)
	}
	if see.PreFeedback {
		s.PreFeedback = b.Input("pre_feedback", n, in)
	}
	if see.Initial {
		s.Initial = b.Input("W(0)", out, in)
	}
	if see.Modulator {
		s.Modulator = b.Input("modulator", n)
	}
	for _, p := range ParamsOf(r) {
		s.Params = s.Params.with(p.Name, b.Input("param/"+p.Name, p.Dims()...))
	}
	for _, v := range StateOf(r) {
		s.State = s.State.with(v.Name, b.Input("state/"+v.Name, v.Dims(in, out)...))
	}
	return s
}

func (v Values) with(name string, n *G.Node) Values {
	if v == nil {
		v = Values{}
	}
	v[name] = n
	return v
}
