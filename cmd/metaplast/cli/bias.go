package cli

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/cmd/metaplast/progress"
	"metaplast/metaopt"
	"metaplast/metaopt/bias"
	"metaplast/metaopt/run"
)

func biasCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "bias", Usage: "compare truncated meta-gradients with the exact ones", ArgsUsage: "RUN",
		Description: "Takes the parameters of a run's last checkpoint, averages meta-gradients over training\n" +
			"episodes, and tells how far those through the last K inner steps only are from the exact\n" +
			"ones: the cosine between them, and the ratio of their norms. Nothing is written.",
		Before: chooseBLAS,
		Flags: []cli.Flag{
			&cli.IntSliceFlag{Name: "steps", Usage: "go through the last `K` inner steps; may be given several times", DefaultText: "all, 1/2, 1/4 and so on to 1"},
			&cli.IntFlag{Name: "episodes", Value: 20, Usage: "average over `N` episodes"},
			flagBLAS(), flagJSON(), flagQuiet(),
		},
		BashComplete: completion.Of(completion.RunFolders),
		Action:       func(c *cli.Context) error { return measureBias(u, c) },
	}
}

func measureBias(u *ui, c *cli.Context) error {
	if err := exactly(c, 1, 1, "the folder of one run"); err != nil {
		return err
	}
	if n := c.Int("episodes"); n < 1 {
		return usagef("--episodes: %d, want at least 1", n)
	}
	commit := stopAtSignal(u)
	r, err := run.Open(c.Args().First(), imagesOf(u, c))
	if err != nil {
		return err
	}
	steps := c.IntSlice("steps")
	if len(steps) == 0 {
		for k := r.Sampler.Spec().Steps; k > 0; k /= 2 {
			steps = append(steps, k)
		}
	}
	var estimators []metaopt.Estimation
	for _, k := range steps {
		e := metaopt.Truncated{Steps: k}
		if err := e.Validate(); err != nil {
			return badInput(fmt.Errorf("--steps: %w", err))
		}
		estimators = append(estimators, e)
	}
	p := progress.Counter(u.err, c.Bool("quiet"))
	defer p.Close()
	plan := bias.Plan{Subjects: r.Subjects, Sampler: r.Sampler, Seed: r.Config.Seed, Episodes: c.Int("episodes"), Done: p.Count("meta-gradient")}
	list, err := bias.Measure(c.Context, plan, estimators...)
	if err != nil {
		return err
	}
	p.Close()
	commit()
	var all []bias.Row
	for i, groups := range list {
		all = append(all, bias.Row{Steps: steps[i], Groups: groups})
	}
	if c.Bool("json") {
		return u.json(all)
	}
	return u.print(bias.Table(all, r.Sampler.Spec().Steps, c.Int("episodes")))
}
