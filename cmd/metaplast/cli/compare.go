package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/cmd/metaplast/progress"
	"metaplast/data/suggest"
	"metaplast/metaopt/config"
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
	runs, err := comparableRuns(c.Args().Slice(), imagesOf(u, c))
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
	cmp.Learners = compared(runs)
	if cmp.Reference = c.String("reference"); !c.IsSet("reference") {
		cmp.Reference = cmp.Learners[0].Name
	}
	if err := suggest.Unknown("learner", cmp.Reference, cmp.Names()); err != nil {
		return badInput(fmt.Errorf("--reference: %w", err))
	}
	p := progress.Counter(u.err, c.Bool("quiet"))
	defer p.Close()
	var subjects []evaluate.Subject
	for _, r := range runs {
		subjects = append(subjects, r.Subjects...)
	}
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

// comparableRuns opens runs of one task.
func comparableRuns(dirs []string, from *run.Source) ([]*run.Opened, error) {
	var runs []*run.Opened
	seen := map[run.Folder]bool{}
	for _, dir := range dirs {
		r, err := run.Read(dir)
		if err != nil {
			return nil, err
		}
		if seen[r.Dir] {
			return nil, usagef("compare: %s is named twice", r.Dir)
		}
		seen[r.Dir] = true
		runs = append(runs, r)
		if key, a, b := config.Differ(runs[0].Config.Task, r.Config.Task); key != "" {
			return nil, badInput(fmt.Errorf("%s and %s have different tasks: task.%s is %v and %v; want runs of one task, so that their episodes are the same",
				runs[0].Dir, r.Dir, key, a, b))
		}
	}
	for _, r := range runs { // the first one's, for all
		if err := r.Take(from); err != nil {
			return nil, err
		}
	}
	return runs, nil
}

// compared lists the learners of all runs. Their names are those of the runs, with the run's
// folder before them if there are several.
func compared(runs []*run.Opened) []evaluate.Compared {
	var list []evaluate.Compared
	for _, r := range runs {
		for _, l := range r.Config.Learners {
			name := l.Name
			if len(runs) > 1 {
				name = filepath.ToSlash(string(r.Dir)) + "/" + l.Name
			}
			list = append(list, evaluate.Compared{Name: name, Run: string(r.Dir), Learner: l.Name, MetaSteps: r.Saved.Step, GradientOrder: l.Learner.Order()})
		}
	}
	return list
}
