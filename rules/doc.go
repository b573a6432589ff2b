// Package rules holds the pieces that local learning is made of: a [Rule] says how a
// synapse changes given what it sees, a [Pathway] how the top-down signal reaches a layer,
// and [Signal] what is sent down. Each turns nodes of a graph into nodes; none allocates
// memory or loops over time.
//
// A [Combinator] is a rule made of another one, and a [Modulator] gives the third factor of rules that
// have one.
//
// A learner of package graph is one choice of each. Gradient descent is one of them: the
// signal is the negative gradient of the loss by the output, the backprop pathway carries it
// down, the rule is hebb, and feedback replaces activity altogether.
//
// # A rule of your own
//
// Implement [Rule], check it with package rulestest, and [Register] it; it can then be named
// in a learner's settings and is included in `metaplast check`.
package rules
