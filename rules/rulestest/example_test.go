package rulestest_test

import (
	"fmt"

	"metaplast/rules"
	"metaplast/rules/rulestest"
)

// A rule of one's own needs a type, its formula in op methods, and one line in a test:
//
//	func TestOja(t *testing.T) { rulestest.Check(t, rules.Oja{}, rulestest.Options{}) }
//
// Without a test, Rule returns what is wrong with it.
func ExampleRule() {
	for _, fault := range rulestest.Rule(rules.Oja{}, rulestest.Options{}) {
		fmt.Println(fault)
	}
	fmt.Println("checked")
	// Output:
	// checked
}

// A registered rule can be named by learners, and is checked inside whole episodes too.
func ExampleEpisodes() {
	row, err := rulestest.Episodes("oja", "direct", "synapse", rulestest.Options{Elements: 5})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(row.Rule, row.Pathway, row.Granularity, row.Passed, row.WorstError < 1e-8)
	// Output:
	// oja direct synapse true true
}
