package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"metaplast/cmd/metaplast/config"
	"metaplast/data"
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
	sampler     data.Sampler // nil means that of the configuration, which may have to be read
	json, quiet bool

	progress func(metaopt.Progress) // what the trainer reports to; nil for nothing
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
	sampler := r.sampler
	if sampler == nil {
		var err error
		if sampler, err = r.config.Task.Sampler(context.Background()); err != nil {
			return nil, badInput(err)
		}
	}
	return metaopt.NewTrainer(metaopt.Plan{
		Graph: r.config.Graph(), Sampler: sampler, EvalSplit: evalSplit(r.config), Settings: r.config.Settings(), Seed: r.config.Seed,
		Workers: r.workers, Remat: r.remat, Memory: r.memory, Fingerprint: r.fingerprint, Checkpoint: r.dir.checkpoint(), Recorder: &r.records,
		Progress: r.progressed,
	})
}

func (r *job) progressed(p metaopt.Progress) {
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
	p := newProgress(r.err, r.quiet, s.trainer.Step(), steps)
	r.progress = p.update
	ctx, release := untilSignal(func() {
		p.close()
		p.note("finishing meta-step %d, then saving; once more to stop at once", min(p.done()+1, steps))
	})
	err := r.compute(ctx, s)
	release()
	p.close()
	if errors.Is(err, metaopt.ErrInterrupted) {
		return r.hint(err, s.trainer.Step())
	}
	if err != nil {
		return err
	}
	return r.finish()
}

// save writes the result of a run whose last meta-step is done into its folder.
func (r *job) save() (res result, doc []byte, err error) {
	res, metrics, err := resultOf(r.dir, r.config)
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

// finish saves and prints the result of a run.
func (r *job) finish() error {
	res, doc, err := r.save()
	if err != nil {
		return err
	}
	if r.json {
		return r.print(doc)
	}
	var b bytes.Buffer
	b.Write(res.table())
	fmt.Fprintf(&b, "\nlearning curve: %s\nmeasure again:  %s\n", r.dir.path("learning-curve.png"), pasted("eval", r.dir))
	return r.print(b.Bytes())
}
