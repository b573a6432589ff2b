package rulestest

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"testing"

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
		t.Errorf("rule %s: %v", rule.Info().Name, f)
	}
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
	sizes := []dims{{o.N, o.In, o.Out}, {1, o.In, o.Out}, {o.N, 1, o.Out}, {o.N, o.In, 1}, {1, 1, 1}}
	found := guard("shapes", "building", func() []Finding { return o.shapes(rule, sizes) })
	if len(found) > 0 {
		return found
	}
	for _, c := range []struct {
		name string
		run  func(rules.Rule, dims) []Finding
	}{
		{"finite", o.finite},
		{"locality", o.locality},
		{"derivative", o.derivative},
		{"inputs", o.inputs},
		{"determinism", o.determinism},
		{"float32", o.float32},
		{"step", o.step},
	} {
		var all []Finding
		for _, d := range sizes {
			all = append(all, guard(c.name, d.String(), func() []Finding { return c.run(rule, d) })...)
		}
		found = append(found, few(all)...)
	}
	return append(found, few(guard("unrolled", "", func() []Finding { return o.unrolled(rule) }))...)
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

// shapes: Δ is [out,in] and has no error, and a layer without feedback gives an error at
// worst.
func (o Options) shapes(rule rules.Rule, sizes []dims) []Finding {
	info := rule.Info()
	if info.Name == "" || info.Name != strings.ToLower(info.Name) || strings.ContainsAny(info.Name, " \t\n") {
		return []Finding{{"shapes", "Info", fmt.Sprintf("name %q: want one word in lower case, as settings name it", info.Name)}}
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
	_, err := o.buildFor(rule, sizes[0], float64s, false)
	if errors.Is(err, errSilent) {
		return []Finding{{"shapes", "layer without feedback", err.Error()}}
	}
	return nil
}
