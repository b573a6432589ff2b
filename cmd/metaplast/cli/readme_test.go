package cli

import (
	"fmt"
	"strings"
	"testing"

	"metaplast/cmd/metaplast/pages"
	"metaplast/graph"
	"metaplast/rules"
	"metaplast/rules/rulestest"
)

// TestReadmeChecks compares the README's count of passed checks with the number of combinations that there
// are to check. The errors beside it are those of the machine that it was written on.
func TestReadmeChecks(t *testing.T) {
	t.Parallel()
	var names []string
	twice := 0
	for _, r := range pages.Registered(ours).Rules {
		names = append(names, r.Name)
		rule, err := rules.LookupRule(r.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, nests := rule.(rules.Combinator); nests {
			twice++ // by its name it is checked alone, too
		}
	}
	rows, refused, err := rulestest.Combinations(names, rulestest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	passed := rows - refused - twice*len(rules.Pathways())*len(graph.Granularities())
	if want := fmt.Sprintf("\n%d of %d passed;", passed, passed); !strings.Contains(page(t, "README.md"), want) {
		t.Errorf("README: no %q, which metaplast check ends with", want)
	}
}
