// Package rulestest checks a local learning rule: that it is what rules.Rule promises, and
// that its derivative is right. It is for the rules of this project and for anyone's own.
//
//	func TestMyRule(t *testing.T) { rulestest.Check(t, MyRule{}, rulestest.Options{}) }
//
//	declared     parameters and variables have legal names, shapes and values, and state is carried on
//	shapes       Δ is [out,in] for many examples and one, many units and one, with feedback and
//	             without; the rule's name is one that settings can use; after the step there is every
//	             variable, of its shape
//	finite       no NaN or Inf, also where activity is exactly zero, as relu leaves it, and in the
//	             first step of an episode
//	locality     ΔW_ij depends on pre[:,j], post[:,i], feedback[:,i] and row i of W only, and the
//	             state after a step on what rules.NonLocal says; a rule that says it is not local
//	             is not
//	examples     the order of the examples does not matter
//	derivative   ∂Δ, and that of the state after the step, by each operand agrees with central
//	             differences
//	unrolled     so does the derivative through several inner steps of a small network
//	inputs       nothing is written to: not operands, not what other nodes have computed
//	determinism  the same bits on every run, for every build and call, on either machine
//	float32      the rule also runs in single precision, and means the same there, derivatives
//	             included
//	delta        Delta is the first result of Next, or rules.ErrNoDelta of a rules.Updater
//	step         Step, if the rule is a rules.Stepper, is the change by Δ, derivatives included
//	update       Update, if the rule is a rules.Updater, works with every granularity of α, and the
//	             weights are the same with Δ detached
//	read         Read, if the rule is a rules.Reader, gives answers [M,out] with right derivatives
//
// A rule is fed what it declares: parameters [1], and [out] where they are all numbers, about their initial
// values; variables as some steps leave them; a modulator [N], and [1]; activity, W(0), and feedback of
// the presynaptic units, and none. Of a rules.Updater the new weights are looked at where this says Δ.
//
// All of it is asked without feedback too, as a layer is with pathway none, unless the rule says
// by rules.ErrNoFeedback that it needs some.
//
// [CheckPathway] asks the same of a pathway in whole episodes, [CheckModulator] of a third factor, by itself and
// in whole episodes, and [CheckOp] of an op's kernels and derivatives.
//
// [Check] is for tests and [Rule] the same without one. [Episodes] and [Rows] check a
// registered rule inside whole episodes, and [Combined] every rule inside every rule of rules, as `metaplast
// check` does: every meta-gradient for every pathway and granularity. A check that cannot run has failed.
//
// # How derivatives are compared
//
// A fixed tolerance hides mistakes: loose enough for the coarse step of a curved function,
// it also passes a derivative that is wrong by a little. So central differences
//
//	D(h) = (f(x+h) − f(x−h)) / 2h = f′(x) + c h² + O(h⁴)
//
// are taken at h, h/2 and h/4, and the derivative g passes when on each of the two halvings
//
//	|D(h) − g| falls at least threefold (it is fourfold for small h), or is rounding already
//	|(4 D(h/2) − D(h))/3 − g| ≤ tolerance · scale
//
// where scale is the largest derivative in the array. The second line is free of the h²
// term: a derivative that is wrong by δ leaves δ there at any step.
//
// A kink of relu closer than h spoils the differences, though not the derivative, so that
// smaller steps are tried when h fails; a wrong derivative fails at all of them. If the
// differences converge and the derivative is not their limit, it is wrong. If they converge
// at no step, a kink is too close for these values to show anything, and others are drawn;
// after five times the element has failed, and the message says that it looks like a kink.
//
// A rule that stops the gradient on purpose fails: its derivative is not that of Δ.
package rulestest
