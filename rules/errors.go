package rules

import "errors"

// ErrNoFeedback is what a rule that has no meaning without feedback gives to the builder's Fail
// where Synapses.Feedback is nil. Any other error there is a fault of the rule.
var ErrNoFeedback = errors.New("the rule needs feedback, and this layer has none: want a pathway other than none")

// ErrNoDelta says that a rule is no change Δ of the weights but says what they are afterwards, see Updater.
var ErrNoDelta = errors.New("the rule has no change Δ of its own: want it outside of other rules, not inside, as in {name: clip, of: {name: trace}}")

// NoDeltaError names the rule that has none.
type NoDeltaError struct{ Rule string }

func (e *NoDeltaError) Error() string { return "rule " + e.Rule + ": " + ErrNoDelta.Error() }

// Unwrap is ErrNoDelta.
func (e *NoDeltaError) Unwrap() error { return ErrNoDelta }
