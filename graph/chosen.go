package graph

import (
	"fmt"

	"metaplast/data/settings"
	"metaplast/rules"
)

// UseRule gives the learner a rule with settings of its own: its name, and its value unless that is the
// registered one. A rule that is not registered may be used, too.
func (l *Learner) UseRule(r rules.Rule) {
	l.Rule, l.RuleValue = r.Info().Name, r
	if have, err := rules.LookupRule(l.Rule); err == nil && settings.Same(have, r) {
		l.RuleValue = nil
	}
}

// UsePathway gives the learner a pathway, on the terms of UseRule.
func (l *Learner) UsePathway(p rules.Pathway) {
	l.Pathway, l.PathwayValue = p.Info().Name, p
	if have, err := rules.LookupPathway(l.Pathway); err == nil && settings.Same(have, p) {
		l.PathwayValue = nil
	}
}

// ItsRule is the learner's rule: its own value, or the registered one of its name, which may not exist.
func (l Learner) ItsRule() (rules.Rule, error) {
	if l.RuleValue == nil {
		return rules.LookupRule(l.Rule)
	}
	return l.RuleValue, named(l.RuleValue.Info().Name, l.Rule)
}

// ItsPathway is the learner's pathway, likewise.
func (l Learner) ItsPathway() (rules.Pathway, error) {
	if l.PathwayValue == nil {
		return rules.LookupPathway(l.Pathway)
	}
	return l.PathwayValue, named(l.PathwayValue.Info().Name, l.Pathway)
}

// named returns an error if a value has another name than the learner says.
func named(have, want string) error {
	if have != want {
		return fmt.Errorf("%q, and the value beside it is %q: want one name", want, have)
	}
	return nil
}
