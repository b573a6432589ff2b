package rulestest

import (
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"testing"

	"metaplast/data/catalog"
	"metaplast/data/settings"
	"metaplast/rules"
)

// Finding is one fault of a rule.
type Finding struct {
	Check   string `json:"check"`   // shapes, finite, locality, …; see the package comment
	Place   string `json:"place"`   // sizes, and the element if there is one
	Message string `json:"message"` // what is wrong
}

func (f Finding) String() string { return fmt.Sprintf("%s: %s: %s", f.Check, f.Place, f.Message) }

// Check reports every fault of a rule to t. The rule need not be registered.
func Check(t testing.TB, rule rules.Rule, opts Options) {
	t.Helper()
	for _, f := range Rule(rule, opts) {
		t.Errorf("rule %s: %v", nameOf(rule), f)
	}
}

// nameOf is the name of a rule, its type where it cannot tell.
func nameOf(rule rules.Rule) (name string) {
	defer func() {
		if recover() != nil {
			name = fmt.Sprintf("%T", rule)
		}
	}()
	return rule.Info().Name
}

// Rule returns every fault of a rule, none if there is none. Of many faults of one kind it
// gives the first few and the number of the rest. When Δ cannot be built or has the wrong
// shape, nothing else is looked at. Cost: a few thousand runs of small graphs, well under a
// second for rules made of the ops of package op.
func Rule(rule rules.Rule, opts Options) []Finding {
	o, err := opts.defaults()
	if err != nil {
		return []Finding{{"options", "rulestest.Options", err.Error()}}
	}
	if rule == nil {
		return []Finding{{"shapes", "rule", "have nil, want a rule"}}
	}
	var sizes []dims
	found := guard("shapes", "building", func() []Finding {
		if err := declared(rule); err != nil {
			return []Finding{{"declared", fmt.Sprintf("%T", rule), err.Error()}}
		}
		sizes = o.forms(rule)
		return o.shapes(rule, sizes)
	})
	if len(found) > 0 {
		return found
	}
	deaf := false // whether the rule does without feedback
	found = guard("shapes", "layer without feedback", func() (f []Finding) { deaf, f = o.withoutFeedback(rule); return f })
	if len(found) > 0 {
		return found
	}
	if deaf {
		sizes = append(sizes, dims{n: o.N, in: o.In, out: o.Out, deaf: true}, dims{n: o.N, in: 1, out: o.Out, deaf: true})
	}
	for _, c := range []struct {
		name string
		run  func(rules.Rule, dims) []Finding
	}{
		{"finite", o.finite},
		{"locality", o.locality},
		{"examples", o.examples},
		{"derivative", o.derivative},
		{"inputs", o.inputs},
		{"determinism", o.determinism},
		{"float32", o.float32},
		{"delta", o.delta},
		{"step", o.step},
		{"update", o.update},
		{"read", o.reading},
	} {
		var all []Finding
		for _, d := range sizes {
			all = append(all, guard(c.name, d.String(), func() []Finding { return c.run(rule, d) })...)
		}
		found = append(found, few(all)...)
	}
	return append(found, few(guard("unrolled", "", func() []Finding { return o.unrolled(rule, deaf) }))...)
}

// guard turns a panic of the rule into a finding.
func guard(check, place string, run func() []Finding) (found []Finding) {
	defer func() {
		if r := recover(); r != nil {
			found = append(found, Finding{check, place, fmt.Sprintf("panic: %v\n%s", r, debug.Stack())})
		}
	}()
	return run()
}

// few keeps the first findings of a check.
func few(found []Finding) []Finding {
	const most = 4
	if len(found) <= most {
		return found
	}
	return append(found[:most:most], Finding{found[0].Check, "elsewhere", fmt.Sprintf("%d more", len(found)-most)})
}

// declared: parameters and variables are legal, and what the rule is agrees with what it declares.
func declared(rule rules.Rule) error {
	if err := rules.CheckDeclared(rule); err != nil {
		return err
	}
	for _, constant := range []struct {
		what string
		call func() any
	}{
		{"Params", func() any { return rules.ParamsOf(rule) }}, {"State", func() any { return rules.StateOf(rule) }}, {"Observes", func() any { return rules.Sees(rule) }},
	} {
		if !reflect.DeepEqual(constant.call(), constant.call()) {
			return fmt.Errorf("%s gives another answer when it is called again: want a constant one", constant.what)
		}
	}
	return nil
}

// shapes: the rule has a name that settings can use, Δ is [out,in], variables have their shapes, and there is
// no error.
func (o Options) shapes(rule rules.Rule, sizes []dims) []Finding {
	if err := catalog.CheckName(rule.Info().Name); err != nil {
		return []Finding{{"shapes", "Info", err.Error()}}
	}
	if err := settings.Check(rule); err != nil {
		return []Finding{{"settings", fmt.Sprintf("%T", rule), err.Error()}}
	}
	for _, d := range sizes {
		s, err := o.build(rule, d, float64s)
		if err == nil {
			_, err = s.run(sequential)
		}
		if err != nil {
			return []Finding{{"shapes", d.String(), err.Error()}}
		}
	}
	return nil
}

// withoutFeedback says whether the rule does without feedback. One that gives
// rules.ErrNoFeedback does not, and is not asked to; any other error is a fault.
func (o Options) withoutFeedback(rule rules.Rule) (bool, []Finding) {
	d := dims{n: o.N, in: o.In, out: o.Out, deaf: true}
	s, err := o.build(rule, d, float64s)
	if err == nil {
		_, err = s.run(sequential)
	}
	switch {
	case errors.Is(err, rules.ErrNoFeedback):
		return false, nil
	case err != nil:
		return false, []Finding{{"shapes", d.String(), err.Error() + ": want Δ from what there is, or b.Fail(rules.ErrNoFeedback) where Feedback is nil"}}
	}
	return true, nil
}
