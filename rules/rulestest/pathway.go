package rulestest

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"metaplast/rules"
)

// CheckPathway reports every fault of a pathway to t. It registers the pathway, unless that is
// done already, since learners name their pathways; and checks the project's rules with it in
// whole episodes, as Episodes says: that the shapes fit and every meta-gradient is right, for
// every granularity, dense and convolutional layers, gated and not, clamped and not.
func CheckPathway(t testing.TB, p rules.Pathway, opts Options) {
	t.Helper()
	for _, f := range PathwayFaults(p, opts) {
		t.Errorf("pathway %T: %v", p, f)
	}
}

// PathwayFaults is CheckPathway without a test: every fault, none if there is none. Cost: less
// than a second.
func PathwayFaults(p rules.Pathway, opts Options) []Finding {
	return guard("pathway", "building", func() []Finding { return pathwayFaults(p, opts) })
}

func pathwayFaults(p rules.Pathway, opts Options) []Finding {
	if p == nil {
		return []Finding{{"pathway", "Info", "have nil, want a pathway"}}
	}
	name := p.Info().Name
	if have, err := rules.LookupPathway(name); err != nil {
		if err := rules.RegisterPathway(p); err != nil {
			return []Finding{{"pathway", "Info", err.Error()}}
		}
	} else if !reflect.DeepEqual(have, p) {
		return []Finding{{"pathway", "Info", fmt.Sprintf("name %q: it is that of another pathway, %T: want one that is not taken", name, have)}}
	}
	opts.Pathways = []string{name}
	rows, err := Rows(context.Background(), []string{rules.Hebb{}.Info().Name, rules.Oja{}.Info().Name}, opts)
	if err != nil {
		return []Finding{{"options", "rulestest.Options", err.Error()}}
	}
	var found []Finding
	for _, r := range rows {
		if r.Failed() {
			found = append(found, Finding{"episodes", fmt.Sprintf("rule %s, plasticity by %s", r.Rule, r.Granularity), r.Error})
		}
	}
	return few(found)
}
