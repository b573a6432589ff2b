package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"metaplast/cmd/metaplast/config"
	"metaplast/data"
	"metaplast/graph/op"
	"metaplast/metaopt"
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
	json, quiet bool

	progress *progress
	records  records
}

// records hands the records to the files, which are opened after all that can be wrong has
// been checked, and is TensorBoard's clock: meta-steps as seconds, so that the same run
// writes the same bytes.
type records struct {
	metaopt.Multi
	step int
}

func (r *records) Record(rec metaopt.Record) error {
	r.step = rec.Step
	return r.Multi.Record(rec)
}

// open opens the files, which keep what they have up to meta-step last.
func (r *records) open(f folder, last int) error {
	jsonl, err := metaopt.OpenJSONL(f.metrics(), last)
	if err != nil {
		return err
	}
	r.Multi = append(r.Multi, jsonl)
	board, err := metaopt.OpenTensorBoard(f.path("tensorboard"), last, func() time.Time { return time.Unix(int64(r.step), 0) })
	if err != nil {
		return errors.Join(err, r.Close())
	}
	r.Multi = append(r.Multi, board)
	return nil
}

// evalSplit is what a run is measured on while it trains: functions never seen, or classes
// that neither training nor the meta-test uses.
func evalSplit(c *config.Config) data.Split {
	if c.Task.Classifies() {
		return data.Validation
	}
	return data.HeldOut
}

// trainer builds the trainer; nothing is written.
func (r *job) trainer() (*metaopt.Trainer, error) {
	sampler, err := r.config.Task.Sampler(context.Background())
	if err != nil {
		return nil, badInput(err)
	}
	return metaopt.NewTrainer(metaopt.Plan{
		Graph: r.config.Graph(), Sampler: sampler, EvalSplit: evalSplit(r.config), Settings: r.config.Settings(), Seed: r.config.Seed,
		Workers: r.workers, Remat: r.remat, Memory: r.memory, Fingerprint: r.fingerprint, Checkpoint: r.dir.checkpoint(), Recorder: &r.records,
		Progress: func(p metaopt.Progress) { r.progress.update(p) },
	})
}

// start begins a new run.
func (r *job) start() (err error) {
	if r.fingerprint, err = r.config.Fingerprint(); err != nil {
		return err
	}
	if err := r.dir.vacant(); err != nil {
		return badInput(err)
	}
	t, err := r.trainer()
	if err != nil {
		return err
	}
	defer t.Close()
	if err := os.MkdirAll(string(r.dir), 0o755); err != nil {
		return badInput(err)
	}
	lock, err := metaopt.LockRun(string(r.dir))
	if err != nil {
		return err
	}
	defer lock.Unlock()
	if _, err := os.Stat(r.dir.config()); err == nil {
		return badInput(fmt.Errorf("%s: another process has just begun a run there", r.dir))
	}
	text, err := r.config.Encode()
	if err != nil {
		return err
	}
	if err := r.dir.write("config.yaml", text); err != nil {
		return err
	}
	return r.run(t, -1)
}

// resume goes on with the run in a folder.
func (r *job) resume(dir folder) (err error) {
	r.dir = dir
	if r.config, err = dir.load(); err != nil {
		return badInput(err)
	}
	if r.fingerprint, err = r.config.Fingerprint(); err != nil {
		return err
	}
	// Read before the lock is taken, so that nothing is touched if it cannot be used, and
	// once more after it.
	if _, err := dir.saved(); err != nil {
		return badInput(err)
	}
	lock, err := metaopt.LockRun(string(dir))
	if err != nil {
		return err
	}
	defer lock.Unlock()
	saved, err := dir.saved()
	if err != nil {
		return badInput(err)
	}
	if saved != nil && saved.Step >= r.config.Meta.Steps && saved.Fingerprint == r.fingerprint {
		return r.finish()
	}
	r.otherBLAS()
	t, err := r.trainer()
	if err != nil {
		return err
	}
	defer t.Close()
	last := -1
	if saved != nil {
		if err := t.Restore(dir.checkpoint(), saved); err != nil {
			return err
		}
		last = saved.Step
	}
	return r.run(t, last)
}

// otherBLAS says that a run goes on with another library, or other instructions, than it was
// begun with.
func (r *job) otherBLAS() {
	starts := r.dir.starts()
	if len(starts) == 0 {
		return
	}
	last := starts[len(starts)-1]
	if was, is := last.BLAS, blasName(); was != "" && was != is {
		r.notef("the run was computed with %s so far and goes on with %s: the same to rounding, not bit for bit (--blas %s)", was, is, was)
	}
	if was, is := last.Tiles, op.Tiles(); was != "" && was != is {
		r.notef("the run was computed on a processor with %s so far and goes on with %s: the same to rounding, not bit for bit", was, is)
	}
}

// run trains to the end. The logs keep what they have up to meta-step last.
func (r *job) run(t *metaopt.Trainer, last int) error {
	steps := r.config.Meta.Steps
	r.progress = newProgress(r.err, r.quiet, t.Step(), steps)
	ctx, release := untilSignal(func() {
		r.progress.close()
		r.progress.note("finishing meta-step %d, then saving; once more to stop at once", min(r.progress.done()+1, steps))
	})
	err := r.records.open(r.dir, last)
	if err == nil {
		err = r.dir.note(r.workers, t.Remat(), t.Step())
	}
	if err == nil {
		err = t.Run(ctx)
	}
	release()
	r.progress.close()
	err = errors.Join(err, r.records.Close())
	if errors.Is(err, metaopt.ErrInterrupted) {
		return r.hint(err, t.Step())
	}
	if err != nil {
		return err
	}
	return r.finish()
}

// finish writes and prints the result of a run whose last meta-step is done.
func (r *job) finish() error {
	res, metrics, err := resultOf(r.dir, r.config)
	if err != nil {
		return err
	}
	doc, err := encodeJSON(res)
	if err != nil {
		return err
	}
	if err := writeCurve(r.dir, r.config, metrics); err != nil {
		return err
	}
	if err := r.dir.write("result.json", doc); err != nil {
		return err
	}
	if r.json {
		return r.print(doc)
	}
	var b bytes.Buffer
	b.Write(res.table())
	fmt.Fprintf(&b, "\nlearning curve: %s\nmeasure again:  metaplast eval %s\n", r.dir.path("learning-curve.png"), r.dir)
	return r.print(b.Bytes())
}
