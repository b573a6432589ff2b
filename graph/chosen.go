package graph

import (
	"fmt"
	"slices"

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

// UseOutputRule gives the output layer a rule of its own, on the terms of UseRule.
func (l *Learner) UseOutputRule(r rules.Rule) {
	l.OutputRule, l.OutputRuleValue = r.Info().Name, r
	if have, err := rules.LookupRule(l.OutputRule); err == nil && settings.Same(have, r) {
		l.OutputRuleValue = nil
	}
}

// ItsOutputRule is the rule of the output layer, likewise. Call it where OutputRule is set.
func (l Learner) ItsOutputRule() (rules.Rule, error) {
	if l.OutputRuleValue == nil {
		return rules.LookupRule(l.OutputRule)
	}
	return l.OutputRuleValue, named(l.OutputRuleValue.Info().Name, l.OutputRule)
}

// UseModulator gives the learner a third factor, on the terms of UseRule.
func (l *Learner) UseModulator(m rules.Modulator) {
	l.Modulator, l.ModulatorValue = m.Info().Name, m
	if have, err := rules.LookupModulator(l.Modulator); err == nil && settings.Same(have, m) {
		l.ModulatorValue = nil
	}
}

// ItsModulator is the learner's third factor, nil if it has none.
func (l Learner) ItsModulator() (rules.Modulator, error) {
	if l.ModulatorValue != nil {
		return l.ModulatorValue, named(l.ModulatorValue.Info().Name, l.Modulator)
	}
	if l.Modulator == "" {
		return nil, nil
	}
	return rules.LookupModulator(l.Modulator)
}

// LearnsRule reports whether the outer loop changes parameters of the learner's rules or modulator, or
// initial values of their variables.
func (l Learner) LearnsRule() bool {
	if l.FixedRule {
		return false
	}
	var params []rules.Param
	for _, its := range []func() (rules.Rule, error){l.ItsRule, l.ItsOutputRule} {
		rule, err := its()
		if err != nil {
			continue
		}
		params = append(params, rules.ParamsOf(rule)...)
		if slices.ContainsFunc(rules.StateOf(rule), func(v rules.Variable) bool { return v.Learned }) {
			return true
		}
	}
	if m, err := l.ItsModulator(); err == nil && m != nil {
		params = append(params, m.Params(1)...)
	}
	return slices.ContainsFunc(params, func(p rules.Param) bool { return !p.Fixed })
}
