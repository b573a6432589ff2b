package cli

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/cmd/metaplast/progress"
	"metaplast/data"
	"metaplast/data/suggest"
	"metaplast/metaopt/config"
	"metaplast/metaopt/continual"
	"metaplast/metaopt/run"
)

func evalCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "eval", Usage: "measure the learners of a run on held-out episodes", ArgsUsage: "RUN",
		Description: "The parameters of the last checkpoint and the untrained ones, on the same episodes. With\n" +
			"--trajectory or --matrix, what the last ones keep of long streams, or of each class.\n" +
			"Nothing is written.",
		Flags: append([]cli.Flag{
			&cli.IntFlag{Name: "step", DefaultText: "the last", Usage: "measure the checkpoint that was kept of meta-step `N`; see meta.keep_every"},
			&cli.IntFlag{Name: "episodes", DefaultText: "those of the run", Usage: "measure on `N` episodes"},
			flagSplit(), flagMatrix(), flagTaskDir(), flagWorkers(), flagBLAS(), flagJSON(), flagQuiet(),
		}, flagsTrajectory()...),
		Before:       chooseBLAS,
		BashComplete: completion.Of(completion.RunFolders),
		Action:       func(c *cli.Context) error { return eval(u, c) },
	}
}

func eval(u *ui, c *cli.Context) error {
	if err := exactly(c, 1, 1, "the folder of one run"); err != nil {
		return err
	}
	if err := exclusive(c); err != nil {
		return err
	}
	commit := stopAtSignal(u)
	switch {
	case c.IsSet("trajectory"):
		return trajectories(u, c, commit)
	case c.Bool("matrix"):
		return matrices(u, c, commit)
	}
	r, err := toEvaluate(u, c)
	if err != nil {
		return err
	}
	if err := episodesFlag(c, r.Config); err != nil {
		return err
	}
	p := progress.Counter(u.err, c.Bool("quiet"))
	defer p.Close()
	before, after, err := r.BeforeAndAfter(context.Background(), r.split, r.workers, p.Count("episode"))
	if err != nil {
		return err
	}
	res := run.NewResult(r.Config, r.Saved.Fingerprint, r.Saved.Step)
	if r.Config.Task.Scoring().Splits != nil {
		res.Split = r.split.String()
	}
	r.Fill(&res, before, after)
	p.Close()
	commit()
	return u.answer(c, res)
}

// evaluated is a run that eval measures, and how.
type evaluated struct {
	*run.Opened
	split   data.Split
	workers int
}

// toEvaluate reads what all kinds of eval are told: the run, --step, --split and --workers.
func toEvaluate(u *ui, c *cli.Context) (*evaluated, error) {
	n, err := workers(c)
	if err != nil {
		return nil, err
	}
	r, err := openRunAt(c.Args().First(), c, imagesOf(u, c))
	if err != nil {
		return nil, err
	}
	split, err := splitFlag(c, r.Config)
	return &evaluated{Opened: r, split: split, workers: n}, err
}

// plan is what the run's learners are taught streams by, and head the beginning of what is told of it.
func (r *evaluated) plan() (continual.Plan, continual.Head) {
	return continual.Plan{Subjects: r.Subjects, Seed: r.Config.Seed, Workers: r.workers},
		continual.Head{Name: r.Config.Name, Fingerprint: r.Saved.Fingerprint, MetaSteps: r.Saved.Step}
}

// exclusive refuses flags that have no meaning together.
func exclusive(c *cli.Context) error {
	if c.IsSet("trajectory") {
		for _, name := range []string{"matrix", "episodes"} {
			if c.IsSet(name) {
				return usagef("eval: --trajectory and --%s exclude each other", name)
			}
		}
		return nil
	}
	for _, name := range []string{"runs", "tune-inner-lr"} {
		if c.IsSet(name) {
			return usagef("eval: --%s goes with --trajectory", name)
		}
	}
	return nil
}

// episodesFlag puts --episodes into the configuration.
func episodesFlag(c *cli.Context, cfg *config.Config) error {
	if !c.IsSet("episodes") {
		return nil
	}
	cfg.Eval.Episodes = c.Int("episodes")
	if err := cfg.Validate(); err != nil {
		return badInput(fmt.Errorf("--episodes: %w", err))
	}
	return nil
}

func flagSplit() cli.Flag {
	return &cli.StringFlag{Name: "split", DefaultText: "heldout", Usage: "of a classification run, measure on the classes of `SPLIT`: heldout (meta-test) or validation"}
}

// splitFlag reads --split.
func splitFlag(c *cli.Context, cfg *config.Config) (data.Split, error) {
	splits := map[string]data.Split{data.HeldOut.String(): data.HeldOut, data.Validation.String(): data.Validation}
	name := c.String("split")
	if !c.IsSet("split") {
		return data.HeldOut, nil
	}
	if err := suggest.Unknown("split", name, []string{data.HeldOut.String(), data.Validation.String()}); err != nil {
		return 0, badInput(fmt.Errorf("--split: %w", err))
	}
	if cfg.Task.Scoring().Splits == nil {
		return 0, usagef("--split: the %s task has no classes: leave it out", cfg.Task.Kind)
	}
	return splits[name], nil
}
