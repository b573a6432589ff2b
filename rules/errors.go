package rules

import (
	"errors"
	"fmt"
	"strings"

	"github.com/xrash/smetrics"
)

// ErrNoFeedback is what a rule that has no meaning without feedback gives to the builder's Fail
// where Synapses.Feedback is nil. Any other error there is a fault of the rule.
var ErrNoFeedback = errors.New("the rule needs feedback, and this layer has none: want a pathway other than none")

// UnknownError says that a name is not in a list of known ones.
type UnknownError struct {
	Kind    string   // what is named: "rule", "pathway", …
	Name    string   // the name that was given
	Known   []string // what there is
	Nearest string   // the known name most like it
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("unknown %s %q: did you mean %q? There are %s", e.Kind, e.Name, e.Nearest, strings.Join(e.Known, ", "))
}

// Unknown makes an UnknownError, or returns nil if name is known.
func Unknown(kind, name string, known []string) error {
	e := &UnknownError{Kind: kind, Name: name, Known: known}
	best := -1
	for _, k := range known {
		if k == name {
			return nil
		}
		if d := smetrics.WagnerFischer(strings.ToLower(name), k, 1, 1, 1); best < 0 || d < best {
			e.Nearest, best = k, d
		}
	}
	return e
}
