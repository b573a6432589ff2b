package cli

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/cmd/metaplast/progress"
	"metaplast/data/suggest"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/run"
)

func compareCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "compare", Usage: "measure the learners of several runs on the same held-out episodes", ArgsUsage: "RUN...",
		Description: "The parameters of the last checkpoints, with bootstrap intervals of means and of paired\n" +
			"differences to one of the learners. All runs must have the same task. Nothing is written.",
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "episodes", DefaultText: "those of the first run", Usage: "measure on `N` episodes"},
			&cli.Uint64Flag{Name: "seed", DefaultText: "that of the first run", Usage: "draw the episodes of `SEED`"},
			&cli.StringFlag{Name: "reference", DefaultText: "the first", Usage: "compare with `LEARNER`, named as in the table"},
			&cli.StringFlag{Name: "split", DefaultText: "heldout", Usage: "of classification runs, measure on the classes of `SPLIT`: heldout (meta-test) or validation"},
			&cli.BoolFlag{DisableDefaultText: true, Name: "csv", Usage: "print the table as comma-separated values"},
			flagTaskDir(), flagWorkers(), flagBLAS(), flagJSON(), flagQuiet(),
		},
		Before:       chooseBLAS,
		BashComplete: completion.Of(completion.RunFolders),
		Action:       func(c *cli.Context) error { return compare(u, c) },
	}
}

func compare(u *ui, c *cli.Context) error {
	if c.NArg() == 0 {
		return usagef("compare: want the folders of one or more runs")
	}
	if c.Bool("json") && c.Bool("csv") {
		return usagef("--json and --csv exclude each other")
	}
	n, err := workers(c)
	if err != nil {
		return err
	}
	commit := stopAtSignal(u)
	runs, err := run.Comparable(c.Args().Slice(), imagesOf(u, c))
	if err != nil {
		return err
	}
	first := runs[0].Config
	split, err := splitFlag(c, first)
	if err != nil {
		return err
	}
	cmp := evaluate.Comparison{Task: first.Task.Spec().Name, Loss: first.Task.Spec().Loss, Split: split.String(), Seed: first.Seed, Episodes: first.Eval.Episodes,
		Classifies: first.Task.Scoring().Accuracy}
	if c.IsSet("seed") {
		cmp.Seed = c.Uint64("seed")
	}
	if c.IsSet("episodes") {
		cmp.Episodes = c.Int("episodes")
		if cmp.Episodes < 2 {
			return usagef("--episodes: %d, want at least 2", cmp.Episodes)
		}
	}
	subjects := run.Subjects(runs)
	cmp.Learners = evaluate.ComparedOf(subjects)
	if cmp.Reference = c.String("reference"); !c.IsSet("reference") {
		cmp.Reference = cmp.Learners[0].Name
	}
	if err := suggest.Unknown("learner", cmp.Reference, cmp.Names()); err != nil {
		return badInput(fmt.Errorf("--reference: %w", err))
	}
	p := progress.Counter(u.err, c.Bool("quiet"))
	defer p.Close()
	if err := cmp.Measure(context.Background(), runs[0].Sampler, subjects, split, n, p.Count("episode")); err != nil {
		return err
	}
	p.Close()
	commit()
	switch {
	case c.Bool("json"):
		return u.json(cmp)
	case c.Bool("csv"):
		text, err := cmp.CSV()
		if err != nil {
			return err
		}
		return u.print(text)
	}
	return u.print(cmp.Table())
}
