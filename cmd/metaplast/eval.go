package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/config"
	"metaplast/data"
	"metaplast/metaopt"
	"metaplast/rules"
)

func evalCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "eval", Usage: "measure the learners of a run on held-out episodes", ArgsUsage: "RUN",
		Description: "The parameters of the last checkpoint and the untrained ones, on the same episodes.\n" +
			"Nothing is written.",
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "episodes", DefaultText: "those of the run", Usage: "measure on `N` episodes"},
			&cli.StringFlag{Name: "split", DefaultText: "heldout", Usage: "of a classification run, measure on the classes of `SPLIT`: heldout (meta-test) or validation"},
			flagWorkers(), flagBLAS(), flagJSON(),
		},
		Before: chooseBLAS,
		Action: func(c *cli.Context) error { return eval(u, c) },
	}
}

func eval(u *ui, c *cli.Context) error {
	if err := exactly(c, 1, 1, "the folder of one run"); err != nil {
		return err
	}
	n, err := workers(c)
	if err != nil {
		return err
	}
	dir := folder(filepath.Clean(c.Args().First()))
	cfg, err := dir.load()
	if err != nil {
		return badInput(err)
	}
	if c.IsSet("episodes") {
		cfg.Eval.Episodes = c.Int("episodes")
		if err := cfg.Validate(); err != nil {
			return badInput(fmt.Errorf("--episodes: %w", err))
		}
	}
	saved, err := dir.saved()
	if err != nil {
		return badInput(err)
	}
	if saved == nil {
		return badInput(fmt.Errorf("%s has no checkpoint yet", dir))
	}
	split, err := splitFlag(c, cfg)
	if err != nil {
		return err
	}
	sampler, err := cfg.Task.Sampler(context.Background())
	if err != nil {
		return badInput(err)
	}
	// The fingerprint is that of the run, whatever --episodes says.
	t, err := metaopt.NewTrainer(metaopt.Plan{Graph: cfg.Graph(), Sampler: sampler, EvalSplit: split, Settings: cfg.Settings(),
		Seed: cfg.Seed, Workers: n, Fingerprint: saved.Fingerprint})
	if err != nil {
		return err
	}
	defer t.Close()
	ctx := context.Background()
	before, err := t.Evaluate(ctx, cfg.Eval.Episodes)
	if err != nil {
		return err
	}
	if err := t.Restore(dir.checkpoint(), saved); err != nil {
		return err
	}
	after, err := t.Evaluate(ctx, cfg.Eval.Episodes)
	if err != nil {
		return err
	}
	r := newResult(cfg, saved.Fingerprint, saved.Step)
	if cfg.Task.Classifies() {
		r.Split = split.String()
	}
	for i := range r.Learners {
		r.Learners[i].measured(heldOutOf(0, before[i]), heldOutOf(saved.Step, after[i]), saved.Learners[i].Diverged)
	}
	if c.Bool("json") {
		return u.json(r)
	}
	return u.print(r.table())
}

// splitFlag reads --split.
func splitFlag(c *cli.Context, cfg *config.Config) (data.Split, error) {
	splits := map[string]data.Split{data.HeldOut.String(): data.HeldOut, data.Validation.String(): data.Validation}
	name := c.String("split")
	if !c.IsSet("split") {
		return data.HeldOut, nil
	}
	if err := rules.Unknown("split", name, []string{data.HeldOut.String(), data.Validation.String()}); err != nil {
		return 0, badInput(fmt.Errorf("--split: %w", err))
	}
	if !cfg.Task.Classifies() {
		return 0, usagef("--split: the %s task has no classes: leave it out", cfg.Task.Kind)
	}
	return splits[name], nil
}
