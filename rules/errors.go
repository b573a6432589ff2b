package rules

import "errors"

// ErrNoFeedback is what a rule that has no meaning without feedback gives to the builder's Fail
// where Synapses.Feedback is nil. Any other error there is a fault of the rule.
var ErrNoFeedback = errors.New("the rule needs feedback, and this layer has none: want a pathway other than none")
