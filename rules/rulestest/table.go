package rulestest

import (
	"bytes"
	"fmt"
	"math"
	"text/tabwriter"

	"metaplast/graph"
	"metaplast/rules"
)

// Failed is the number of combinations with a wrong derivative.
func Failed(rows []Row) int {
	n := 0
	for _, r := range rows {
		if r.Failed() {
			n++
		}
	}
	return n
}

// Table shows rows to people, and beneath them what failed, how many passed and the largest error.
func Table(rows []Row) []byte {
	worst, failed, refused := 0, Failed(rows), 0
	for i, r := range rows {
		if r.Refused != "" && !r.Failed() {
			refused++
		}
		if e := r.WorstError; e > rows[worst].WorstError || math.IsNaN(e) {
			worst = i
		}
	}
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "rule\tpathway\tplasticity\tchecked\tworst error\tplace\tresult")
	for _, r := range rows {
		verdict := "ok"
		switch {
		case r.Failed():
			verdict = "FAILED"
		case r.Refused != "":
			verdict = "needs feedback"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%.1e\t%s\t%s\n", r.Rule, r.Pathway, r.Granularity, r.Elements, r.WorstError, r.Place, verdict)
	}
	w.Flush()
	for _, r := range rows {
		if r.Error != "" {
			fmt.Fprintf(&b, "\n%s, %s, %s: %s\n", r.Rule, r.Pathway, r.Granularity, r.Error)
		}
	}
	if len(rows) > 0 {
		r := rows[worst]
		fmt.Fprintf(&b, "\n%d of %d passed; the largest relative error is %.1e, with %s, %s, %s at %s\n",
			len(rows)-failed-refused, len(rows)-refused, r.WorstError, r.Rule, r.Pathway, r.Granularity, r.Place)
	}
	if refused > 0 {
		fmt.Fprintf(&b, "%d more have nothing to check: the rule needs feedback, which pathway none does not send\n", refused)
	}
	return b.Bytes()
}

// Combinations is how many rows Rows gives for a number of rules, 0 standing for all.
func Combinations(named int) int {
	if named == 0 {
		named = len(rules.Rules())
	}
	return named * len(rules.Pathways()) * len(graph.Granularities())
}
