package cli

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/progress"
	"metaplast/data"
)

func flagMatrix() cli.Flag {
	return &cli.BoolFlag{DisableDefaultText: true, Name: "matrix",
		Usage: "of a classification run, tell the accuracy on every class after every class, and what is kept, transferred and forgotten"}
}

// matrices is eval --matrix.
func matrices(u *ui, c *cli.Context, commit func()) error {
	r, err := toEvaluate(u, c)
	if err != nil {
		return err
	}
	if err := episodesFlag(c, r.Config); err != nil {
		return err
	}
	task, ok := r.Sampler.(data.Classification)
	if !ok {
		return usagef("--matrix: the %s task has no classes", r.Config.Task.Kind)
	}
	if err := task.ValidateSplit(r.split); err != nil {
		return badInput(fmt.Errorf("--matrix: %w", err))
	}
	p := progress.Counter(u.err, c.Bool("quiet"))
	defer p.Close()
	plan, head := r.plan()
	plan.Done = p.Count("episode")
	rep, err := plan.ReportMatrices(context.Background(), task, r.split, r.Config.Eval.Episodes, head)
	if err != nil {
		return err
	}
	p.Close()
	commit()
	return u.answer(c, rep)
}
