package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"metaplast/cmd/metaplast/progress"
	"metaplast/data"
	"metaplast/metaopt"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/config"
	"metaplast/metaopt/record"
)

// job is a run under way.
type job struct {
	*ui
	dir         folder
	config      *config.Config
	fingerprint string
	workers     int
	remat       int
	memory      int64
	sampler     data.Sampler // nil until it has been made or read
	json, quiet bool
	sets        []string // changes of a run that is resumed; see config.Extend
	acceptGap   bool     // go on although metrics.jsonl lacks records

	origin     *checkpoint.Checkpoint // parameters that the run begins from; nil means those of its seed
	originText []byte                 // the same as a file
	originPath string                 // where they were found

	watch    *stopwatch
	progress func(metaopt.Progress) // what the trainer reports to; nil for nothing
	records  records
}

// records hands the records to the files, which are opened after all that can be wrong has
// been checked.
type records struct{ record.Multi }

// open opens the files, which keep what they have up to meta-step last. Event files that hold less
// than metrics.jsonl are made anew from it.
func (r *records) open(f folder, last int) error {
	jsonl, err := record.OpenJSONL(f.metrics(), last)
	if err != nil {
		return err
	}
	r.Multi = append(r.Multi, jsonl)
	board, err := record.OpenTensorBoard(f.path("tensorboard"), last, time.Now)
	if err != nil {
		return errors.Join(err, r.Close())
	}
	r.Multi = append(r.Multi, board)
	events := map[string]int{}
	each := func(do func(record.Record) error) error {
		return record.ReadJSONL(f.metrics(), func(rec record.Record) error {
			if len(rec.Metrics) == 0 {
				return nil
			}
			return do(rec)
		})
	}
	err = each(func(rec record.Record) error { events[rec.Learner]++; return nil })
	for learner, n := range events {
		if err == nil && board.Events(learner) < n {
			if err = board.Restart(); err == nil {
				err = each(board.Record)
			}
			break
		}
	}
	if err != nil {
		return errors.Join(err, r.Close())
	}
	return nil
}

// evalSplit is what a run is measured on while it trains: functions never seen, or classes
// that neither training nor the meta-test uses.
func evalSplit(c *config.Config) data.Split {
	if c.Task.Scoring().Watched == data.Validation {
		return data.Validation
	}
	return data.HeldOut
}

// images is where the run takes its images from: what has been read, or else its data set.
func (r *job) images() *imageSource {
	return &imageSource{sampler: r.sampler, moved: "--set task.dir=DIR", note: r.once}
}

// trainer builds the trainer; nothing is written.
func (r *job) trainer() (*metaopt.Trainer, error) {
	t, err := metaopt.NewTrainer(metaopt.Plan{
		Graph: r.config.Graph(), Sampler: r.sampler, EvalSplit: evalSplit(r.config), Settings: r.config.Settings(), Seed: r.config.Seed,
		Workers: r.workers, Remat: r.remat, Memory: r.memory, Fingerprint: r.fingerprint, Checkpoint: r.dir.checkpoint(), Recorder: &r.records,
		Progress: r.progressed,
	})
	if err != nil {
		return nil, err
	}
	if err := begin(t, r.origin); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

func (r *job) progressed(p metaopt.Progress) {
	if err := r.watch.tick(p.Step); err != nil {
		r.notef("%v", err) // the run does not depend on it
	}
	if r.progress != nil {
		r.progress(p)
	}
}

// start begins a new run.
func (r *job) start() error {
	s, err := r.create()
	if err != nil {
		return err
	}
	return r.run(s)
}

// resume goes on with the run in a folder.
func (r *job) resume(dir folder) error {
	s, err := r.reopen(dir)
	if err != nil {
		return err
	}
	return r.run(s)
}

// run trains to the end, shows how it goes, and prints the result.
func (r *job) run(s *session) error {
	defer s.close()
	if s.finished() {
		return r.finish()
	}
	steps := r.config.Meta.Steps
	p := progress.OfRun(r.err, r.quiet, s.trainer.Step(), steps)
	r.progress = p.Update
	ctx, release := untilSignal(func() {
		p.Close()
		p.Note("finishing meta-step %d, without its evaluation, then saving; once more to stop at once", min(p.Done()+1, steps))
	})
	err := r.compute(ctx, s)
	release()
	p.Close()
	var diverged *metaopt.DivergedError
	switch {
	case errors.Is(err, metaopt.ErrInterrupted):
		return r.hint(err, s.trainer.Step())
	case errors.As(err, &diverged):
		return errors.Join(err, r.hintDiverged(nil))
	case err != nil:
		return err
	}
	s.free()
	return r.finish()
}

// save writes the result of a run whose last meta-step is done into its folder.
func (r *job) save() (res result, doc []byte, err error) {
	res, metrics, err := resultOf(r.dir, r.config)
	if errors.Is(err, errUnmeasured) {
		r.notef("%v: measuring again", err)
		err = r.measureAgain(&res)
	}
	if err != nil {
		return res, nil, err
	}
	if doc, err = encodeJSON(res); err != nil {
		return res, nil, err
	}
	if err := writeCurve(r.dir, r.config, metrics); err != nil {
		return res, nil, err
	}
	return res, doc, r.dir.write("result.json", doc)
}

// measureAgain puts into the result of a finished run what its metrics lack: the evaluations before
// and after it are made once more, on the same episodes.
func (r *job) measureAgain(res *result) error {
	run, err := openRun(string(r.dir), r.images())
	if err != nil {
		return err
	}
	before, after, err := run.beforeAndAfter(context.Background(), evalSplit(run.cfg), r.workers, nil)
	if err != nil {
		return err
	}
	run.fill(res, before, after)
	return nil
}

// finish saves and prints the result of a run.
func (r *job) finish() error {
	res, doc, err := r.save()
	if err != nil {
		return err
	}
	if starts := r.dir.starts(); !r.quiet && seconds(starts) > 0 {
		r.notef("%.1f s of wall-clock time in %d starts, see %s", seconds(starts), len(starts), r.dir.path("environment.json"))
	}
	if r.json {
		return r.print(doc)
	}
	var b bytes.Buffer
	b.Write(res.table())
	fmt.Fprintf(&b, "\nlearning curve: %s\nmeasure again:  %s\n", r.dir.path("learning-curve.png"), pasted("eval", r.dir))
	return r.print(b.Bytes())
}
