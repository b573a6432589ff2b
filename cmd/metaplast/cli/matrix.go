package cli

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/progress"
	"metaplast/data"
	"metaplast/metaopt/continual"
)

func flagMatrix() cli.Flag {
	return &cli.BoolFlag{DisableDefaultText: true, Name: "matrix",
		Usage: "of a classification run, tell the accuracy on every class after every class, and what is kept, transferred and forgotten"}
}

// matrices is eval --matrix.
func matrices(u *ui, c *cli.Context, commit func()) error {
	n, err := workers(c)
	if err != nil {
		return err
	}
	r, err := openRunAt(c.Args().First(), c, imagesOf(u, c))
	if err != nil {
		return err
	}
	if err := episodesFlag(c, r.Config); err != nil {
		return err
	}
	split, err := splitFlag(c, r.Config)
	if err != nil {
		return err
	}
	task, ok := r.Sampler.(data.Classification)
	if !ok {
		return usagef("--matrix: the %s task has no classes", r.Config.Task.Kind)
	}
	if err := task.ValidateSplit(split); err != nil {
		return badInput(fmt.Errorf("--matrix: %w", err))
	}
	p := progress.Counter(u.err, c.Bool("quiet"))
	defer p.Close()
	plan := continual.Plan{Subjects: r.Subjects, Seed: r.Config.Seed, Workers: n, Done: p.Count("episode")}
	rep, err := plan.ReportMatrices(context.Background(), task, split, r.Config.Eval.Episodes,
		continual.Head{Name: r.Config.Name, Fingerprint: r.Saved.Fingerprint, MetaSteps: r.Saved.Step})
	if err != nil {
		return err
	}
	p.Close()
	commit()
	if c.Bool("json") {
		return u.json(rep)
	}
	return u.print(rep.Table())
}
