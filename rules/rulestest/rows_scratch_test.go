package rulestest

import ("testing";"context";"fmt";"metaplast/rules")

func TestScratchRows(t *testing.T) {
	for seed := uint64(1); seed < 100; seed++ {
	rows, err := Rows(context.Background(), nil, Options{Seed: seed})
	bad := 0
	for _, r := range rows { if !r.Passed { bad++; if bad < 3 { fmt.Printf("%d %+v\n", seed, r)} }}
	n := 0
	for _, r := range rules.Rules() { for _, f := range Rule(r, Options{Seed: seed}) { n++; if n < 3 { fmt.Println(seed, f) } } }
	fmt.Println(seed, err, bad, n)
	}
}
