package rulestest

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
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

// Table shows rows to people, those of a rule inside another one together, and beneath them what failed or
// was refused, how many passed and the largest error.
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
	for _, r := range together(rows) {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%.1e\t%s\t%s\n", r.what(), r.Pathway, r.Granularity, r.Elements, r.WorstError, r.Place, r.verdict)
	}
	w.Flush()
	for _, r := range rows {
		if r.Error != "" {
			fmt.Fprintf(&b, "\n%s, %s, %s: %s\n", r.what(), r.Pathway, r.Granularity, r.Error)
		}
	}
	if len(rows) > 0 {
		r := rows[worst]
		fmt.Fprintf(&b, "\n%d of %d passed; the largest relative error is %.1e, with %s, %s, %s at %s\n",
			len(rows)-failed-refused, len(rows)-refused, r.WorstError, r.what(), r.Pathway, r.Granularity, r.Place)
	}
	if refused > 0 {
		fmt.Fprintf(&b, "%d more have nothing to check, since they are refused:\n", refused)
		for _, r := range reasons(rows) {
			fmt.Fprintf(&b, "  %s\n", r)
		}
	}
	return b.Bytes()
}

// line is one or more rows of a table.
type line struct {
	Row
	verdict string
}

// together makes one line of the rows of a rule inside another one.
func together(rows []Row) (lines []line) {
	for _, r := range rows {
		next := line{r, "ok"}
		switch {
		case r.Failed():
			next.verdict = "FAILED"
		case r.Refused != "":
			next.verdict = "refused"
		}
		if r.Combinator == "" {
			lines = append(lines, next)
			continue
		}
		last := len(lines) - 1
		if last < 0 || lines[last].Combinator != r.Combinator || lines[last].Rule != r.Rule {
			lines = append(lines, next)
			continue
		}
		sum := &lines[last]
		join := func(list *string, name string) {
			if !slices.Contains(strings.Split(*list, " "), name) {
				*list += " " + name
			}
		}
		join(&sum.Pathway, r.Pathway)
		join(&sum.Granularity, r.Granularity)
		join(&sum.verdict, next.verdict)
		sum.Elements += r.Elements
		if r.WorstError > sum.WorstError || math.IsNaN(r.WorstError) {
			sum.WorstError, sum.Place = r.WorstError, r.Place
		}
	}
	return lines
}

// reasons are why rows are refused, each with what it is said of.
func reasons(rows []Row) (list []string) {
	said := map[string][]string{}
	var order []string
	for _, r := range rows {
		if r.Refused == "" {
			continue
		}
		what := r.what()
		if r.Pathway != "" {
			what += ", " + r.Pathway
		}
		if said[r.Refused] == nil {
			order = append(order, r.Refused)
		}
		if !slices.Contains(said[r.Refused], what) {
			said[r.Refused] = append(said[r.Refused], what)
		}
	}
	for _, why := range order {
		list = append(list, strings.Join(said[why], "; ")+": "+why)
	}
	return list
}
