package cli

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/cmd/metaplast/progress"
	"metaplast/rules"
	"metaplast/rules/rulestest"
)

func checkCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "check", Usage: "check the derivatives of rules by central differences", ArgsUsage: "[RULE…]",
		Description: "Every meta-gradient of every registered rule, or of those named, with every pathway and\n" +
			"granularity of plasticity, in float64; and of every rule inside every rule of rules that it can\n" +
			"be in, one choice of the other settings and two elements of each array at a time. Exit code 3 if\n" +
			"one is wrong. What cannot be is not checked, and the table says why: a rule that needs feedback\n" +
			"with pathway none, for one.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "all", Usage: "check all elements with all settings for rules inside others, too, which takes minutes"},
			flagBLAS(), flagJSON(),
			flagQuiet(),
		},
		Before:       chooseBLAS,
		BashComplete: completion.Of(completion.RuleNames),
		Action:       func(c *cli.Context) error { return check(u, c) },
	}
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
	opts := rulestest.Options{Workers: rulestest.Workers(), All: c.Bool("all")}
	total, _, err := rulestest.Combinations(names, opts)
	if err != nil {
		return err
	}
	p := progress.Counter(u.err, c.Bool("quiet"))
	defer p.Close()
	each, done := p.Count("combination"), 0
	opts.Each = func(rulestest.Row) {
		done++
		each(done, total)
	}
	rows, err := rulestest.Rows(context.Background(), names, opts)
	if err != nil {
		return err
	}
	nested, err := rulestest.Combined(context.Background(), names, opts)
	if err != nil {
		return err
	}
	rows = append(rows, nested...)
	p.Close()
	list := make([]checkRow, len(rows))
	for i, r := range rows {
		list[i] = checkRow{Row: r, WorstError: number(r.WorstError)}
	}
	if c.Bool("json") {
		err = u.json(list)
	} else {
		err = u.print(rulestest.Table(rows))
	}
	if failed := rulestest.Failed(rows); err == nil && failed > 0 {
		err = &codedError{exitCheck, fmt.Errorf("check: %d of %d combinations have a wrong derivative", failed, len(rows))}
	}
	return err
}
