package cli

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/cmd/metaplast/invocation"
	"metaplast/cmd/metaplast/machine"
	"metaplast/cmd/metaplast/pages"
	"metaplast/cmd/metaplast/progress"
	"metaplast/cmd/metaplast/report"
	"metaplast/metaopt"
	"metaplast/metaopt/run"
	"metaplast/metaopt/study"
)

func studyCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "study", Usage: "train, measure and judge a claim of the paper, with several seeds", ArgsUsage: "[NAME]",
		Description: "Without a name, the studies are listed. The folder of a study holds a run for each seed,\n" +
			"which is resumed where it was left, and at the end verdict.json and table.txt. The first\n" +
			"Ctrl-C saves; the same command goes on.",
		Before: chooseBLAS,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "size", Value: study.Quick, Usage: "`SIZE` of networks and streams: quick, minutes, or full, the paper's: hours to days"},
			&cli.StringFlag{Name: "task", DefaultText: "the study's first", Usage: "the `TASK`: of a classification study omniglot, or glyphs, which needs no download; of rule-recovery the planted rule, oja or sparse"},
			&cli.IntFlag{Name: "seeds", DefaultText: "the study's own number", Usage: "train with seeds 1 to `N`"},
			&cli.StringSliceFlag{Name: "set", Usage: "change the configuration of all runs: `PATH=VALUE`, such as task.dir=DIR"},
			&cli.StringFlag{Name: "out", DefaultText: "runs/studies/NAME-SIZE", Usage: "put the study into `DIR`, or go on with the one there"},
			&cli.IntFlag{Name: "workers", DefaultText: "one per CPU", Usage: "compute on `N` threads: as many runs side by side; changes no result"},
			flagBLAS(), flagJSON(),
			flagQuiet(),
		},
		BashComplete: completion.Of(study.Names),
		Action:       func(c *cli.Context) error { return runStudy(u, c) },
	}
}

func runStudy(u *ui, c *cli.Context) error {
	if err := exactly(c, 0, 1, "at most one study"); err != nil {
		return err
	}
	n, err := workers(c)
	if err != nil {
		return err
	}
	if c.NArg() == 0 {
		list := pages.StudyList()
		if c.Bool("json") {
			return u.json(list)
		}
		return u.print(pages.StudiesText(list))
	}
	plan, err := planOf(c)
	if err != nil {
		return err
	}
	if c.IsSet("out") && c.String("out") == "" {
		return usagef("--out: want a path, have nothing")
	}
	dir := filepath.Clean(c.String("out"))
	if !c.IsSet("out") {
		dir = plan.Dir()
	}
	w := workOf(u, plan, dir, n)
	if err := w.check(); err != nil {
		return err
	}
	result, err := w.conclude(c.Bool("quiet"))
	if err != nil {
		return err
	}
	doc, err := run.EncodeJSON(result)
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return u.print(doc)
	}
	return u.print(fmt.Appendf(result.Table(), "verdict: %s\n", run.Folder(w.Dir).Path(study.VerdictFile)))
}

// planOf reads the study, its size, task, seeds and changes.
func planOf(c *cli.Context) (*study.Plan, error) {
	s, err := study.Lookup(c.Args().First())
	if err != nil {
		return nil, badInput(err)
	}
	setting, err := s.Setting(c.String("size"), c.String("task"))
	if err != nil {
		return nil, badInput(err)
	}
	if c.IsSet("seeds") && c.Int("seeds") < 1 {
		return nil, usagef("--seeds: %d, want at least 1", c.Int("seeds"))
	}
	plan, err := study.NewPlan(s, setting, c.StringSlice("set"), c.Int("seeds"))
	return plan, badInput(err)
}

// studyWork is a study that is asked for.
type studyWork struct {
	*ui
	study.Work
}

// workOf is a study in a folder.
func workOf(u *ui, plan *study.Plan, dir string, workers int) *studyWork {
	o := runOptions(func(text string) { u.notef("%s", text) })
	o.Remat, o.Memory = metaopt.AutoRemat, machine.Memory()
	return &studyWork{ui: u, Work: study.Work{Plan: plan, Dir: dir, Workers: workers, Run: o, Figures: report.StudyFiles}}
}

// check finds what is wrong before anything is written.
func (w *studyWork) check() error {
	note := w.Run.Note
	w.Run.Note = w.tell
	err := w.Check()
	w.Run.Note = note
	if errors.As(err, new(*study.DataError)) && w.Plan.Cells[0].Config.Task.FromFiles() {
		return badInput(fmt.Errorf("%w; --set task.dir=DIR tells where they are, --task glyphs takes built-in characters", err))
	}
	return err
}

// conclude runs what is left of a study, which has been checked, and shows how it goes.
func (w *studyWork) conclude(quiet bool) (*study.Result, error) {
	p := progress.OfStudy(progress.OfRun(w.err, quiet, 0, w.Plan.Steps()), len(w.Plan.Cells))
	w.Progress, w.Trained = p.Of, p.Trained
	ctx, release := untilSignal(func() {
		p.Close()
		w.notef("finishing the meta-steps under way, then saving; once more to stop at once")
	})
	result, err := w.Do(ctx)
	release()
	p.Close()
	if errors.Is(err, metaopt.ErrInterrupted) {
		return nil, errors.Join(metaopt.ErrInterrupted, fmt.Errorf("%d of %d runs are finished; go on with: %s",
			w.Finished(), len(w.Plan.Cells), w.Plan.Command(invocation.Program(), w.Dir)))
	}
	return result, err
}
