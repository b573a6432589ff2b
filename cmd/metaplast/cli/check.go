package cli

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/cmd/metaplast/progress"
	"metaplast/graph"
	"metaplast/rules"
	"metaplast/rules/rulestest"
)

func checkCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "check", Usage: "check the derivatives of rules by central differences", ArgsUsage: "[RULE…]",
		Description: "Every meta-gradient of every registered rule, or of those named, with every pathway and\n" +
			"granularity of plasticity, in float64. Exit code 3 if one is wrong. A rule that needs feedback\n" +
			"is not checked with pathway none, and the table says so.",
		Flags: []cli.Flag{
			flagBLAS(), flagJSON(),
			flagQuiet(),
		},
		Before:       chooseBLAS,
		BashComplete: completion.Of(completion.RuleNames),
		Action:       func(c *cli.Context) error { return check(u, c) },
	}
}

// combinations is how many are checked of a number of rules, 0 standing for all.
func combinations(named int) int {
	if named == 0 {
		named = len(rules.Rules())
	}
	return named * len(rules.Pathways()) * len(graph.Granularities())
}

// checkRow is a row of the report; the numbers can be NaN or infinite where a check failed.
type checkRow struct {
	rulestest.Row
	WorstError number `json:"worst_error"`
}

func check(u *ui, c *cli.Context) error {
	names := c.Args().Slice()
	for _, name := range names {
		if _, err := rules.LookupRule(name); err != nil {
			return badInput(err)
		}
	}
	opts := rulestest.Options{}
	p := progress.Counter(u.err, c.Bool("quiet"))
	defer p.Close()
	each, done := p.Count("combination"), 0
	opts.Each = func(rulestest.Row) {
		done++
		each(done, combinations(len(names)))
	}
	rows, err := rulestest.Rows(context.Background(), names, opts)
	if err != nil {
		return err
	}
	p.Close()
	worst, failed, refused := 0, 0, 0
	list := make([]checkRow, len(rows))
	for i, r := range rows {
		list[i] = checkRow{Row: r, WorstError: number(r.WorstError)}
		switch {
		case r.Failed():
			failed++
		case r.Refused != "":
			refused++
		}
		if e := r.WorstError; e > rows[worst].WorstError || math.IsNaN(e) {
			worst = i
		}
	}
	if c.Bool("json") {
		err = u.json(list)
	} else {
		err = u.print(checkTable(rows, worst, failed, refused))
	}
	if err == nil && failed > 0 {
		err = &codedError{exitCheck, fmt.Errorf("check: %d of %d combinations have a wrong derivative", failed, len(rows))}
	}
	return err
}

func checkTable(rows []rulestest.Row, worst, failed, refused int) []byte {
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
