package cli

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"metaplast/cmd/metaplast/build"
	"metaplast/cmd/metaplast/invocation"
	"metaplast/cmd/metaplast/progress"
	"metaplast/cmd/metaplast/report"
	"metaplast/metaopt"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/run"
)

// runOptions are those of all runs that the program trains. Notes go to note.
func runOptions(note func(string)) run.Options {
	return run.Options{Moved: "--set task.dir=DIR", Facts: build.Facts(), Now: time.Now, Note: note, Figures: report.CurveFiles}
}

// job is a run that train is asked for.
type job struct {
	*ui
	run.Options
	json, quiet bool
}

// train trains a run to its end, shows how it goes, and prints the result. open creates or reopens
// the run in dir.
func (j *job) train(dir run.Folder, open func(run.Options) (*run.Run, error)) error {
	var p *progress.Shown
	j.Progress = func(now metaopt.Progress) { p.Update(now) }
	r, err := open(j.Options)
	if errors.As(err, new(*metaopt.DivergedError)) {
		return errors.Join(err, hintDiverged(dir))
	}
	if err != nil {
		return err
	}
	defer r.Close()
	if !r.Finished() {
		steps := r.Config().Meta.Steps
		p = progress.OfRun(j.err, j.quiet, r.Step(), steps)
		ctx, release := untilSignal(func() {
			p.Close()
			p.Note("finishing meta-step %d, without its evaluation, then saving; once more to stop at once", min(p.Done()+1, steps))
		})
		err := r.Train(ctx)
		release()
		p.Close()
		switch {
		case errors.Is(err, metaopt.ErrInterrupted):
			return errors.Join(err, fmt.Errorf("saved after meta-step %d; go on with: %s", r.Step(), invocation.Command("train", "--resume", dir)))
		case errors.As(err, new(*metaopt.DivergedError)):
			return errors.Join(err, hintDiverged(dir))
		case err != nil:
			return err
		}
	}
	return j.finish(r)
}

// finish saves and prints the result of a run.
func (j *job) finish(r *run.Run) error {
	res, err := r.Result()
	if err != nil {
		return err
	}
	dir := r.Dir()
	if starts := dir.Starts(); !j.quiet && run.Seconds(starts) > 0 {
		j.notef("%.1f s of wall-clock time, starts: %d, see %s", run.Seconds(starts), len(starts), dir.Path("environment.json"))
	}
	if j.json {
		return j.ui.json(res)
	}
	var b bytes.Buffer
	b.Write(res.Table())
	fmt.Fprintf(&b, "\nlearning curve: %s\nmeasure again:  %s\n", dir.Path("learning-curve.png"), invocation.Command("eval", dir))
	return j.print(b.Bytes())
}

// hintDiverged is what is left to do with a run that stopped because a learner diverged.
func hintDiverged(dir run.Folder) error {
	sound := checkpoint.SoundPath(dir.Checkpoint())
	c, err := checkpoint.Load(sound)
	if err != nil {
		return fmt.Errorf("%s has no checkpoint from before that: begin a new run with other settings", dir)
	}
	return fmt.Errorf("the parameters of before, after meta-step %d, are kept; go on from them in a new run with such settings: %s",
		c.Step, invocation.Command("train", "--config", run.Folder(dir.ConfigFile()), "--from", run.Folder(sound), "--out DIR --set PATH=VALUE"))
}
