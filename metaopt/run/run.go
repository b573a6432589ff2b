package run

import (
	"context"
	"errors"

	"metaplast/data"
	"metaplast/metaopt"
	"metaplast/metaopt/config"
)

// Run is a run that is open for training: its folder is locked until Close. It is not safe for
// concurrent use.
type Run struct {
	Options     // that it was opened with; only to be read
	dir         Folder
	config      *config.Config
	fingerprint string
	trainer     *metaopt.Trainer // nil if the run is finished, or was trained
	finished    bool
	step        int
	last        int // meta-step of the last checkpoint, up to which logs are kept; −1 if there is none
	lock        *Locked
	watch       *stopwatch
	records     records
}

// Dir is the folder of the run.
func (r *Run) Dir() Folder { return r.dir }

// Config is the configuration of the run; it is only to be read.
func (r *Run) Config() *config.Config { return r.config }

// Step is the number of meta-steps that are done and saved.
func (r *Run) Step() int { return r.step }

// Finished reports whether there is nothing left to train.
func (r *Run) Finished() bool { return r.finished }

// Close frees what the run holds and unlocks its folder.
func (r *Run) Close() error {
	err := r.free()
	if r.lock != nil {
		err = errors.Join(err, r.lock.Unlock())
		r.lock = nil
	}
	return err
}

// free gives the memory of the trainer back: the result of a run is made without it.
func (r *Run) free() error {
	if r.trainer == nil {
		return nil
	}
	err := r.trainer.Close()
	r.trainer = nil
	return err
}

// EvalSplit is what a run is measured on while it trains: functions never seen, or classes that
// neither training nor the meta-test uses.
func EvalSplit(c *config.Config) data.Split {
	if c.Task.Scoring().Watched == data.Validation {
		return data.Validation
	}
	return data.HeldOut
}

// source is where the run takes its episodes from: what has been read, or else its data set.
func (r *Run) source() *Source {
	return &Source{Sampler: r.Sampler, Moved: r.Moved, Note: r.Note}
}

// makeTrainer builds the trainer; nothing is written.
func (r *Run) makeTrainer() error {
	t, err := metaopt.NewTrainer(metaopt.Plan{
		Graph: r.config.Graph(), Sampler: r.Sampler, EvalSplit: EvalSplit(r.config), Settings: r.config.Settings(), Seed: r.config.Seed,
		Workers: r.Workers, Remat: r.Remat, Memory: r.Memory, Fingerprint: r.fingerprint, Checkpoint: r.dir.Checkpoint(), Recorder: &r.records,
		Progress: r.progressed,
	})
	if err != nil {
		return err
	}
	if err := r.From.give(t); err != nil {
		return errors.Join(err, t.Close())
	}
	r.trainer = t
	return nil
}

func (r *Run) progressed(p metaopt.Progress) {
	if err := r.watch.tick(p.Step); err != nil {
		r.notef("%v", err) // the run does not depend on it
	}
	if r.Progress != nil {
		r.Progress(p)
	}
}

// Train trains to the end, or until ctx ends, which is metaopt.ErrInterrupted after the meta-step
// under way. Whatever happens, the folder holds a valid run, which is gone on with by Reopen; of a
// run that is finished nothing is done. See metaopt.Trainer.Run for the errors.
func (r *Run) Train(ctx context.Context) error {
	if r.finished {
		return nil
	}
	if r.trainer == nil {
		return ErrDone
	}
	err := r.records.open(r.dir, r.last, r.Now)
	if err == nil {
		r.watch, err = r.watchStart()
	}
	if err == nil {
		err = errors.Join(r.trainer.Run(ctx), r.watch.write(r.trainer.Step()))
	}
	r.step = r.trainer.Step()
	err = errors.Join(err, r.records.Close(), r.free())
	r.finished = err == nil
	return err
}

// Result is what a finished run has come to, from its metrics, which is written into its folder with
// the figures of Options. What the metrics have lost is measured again.
func (r *Run) Result() (Result, error) {
	if !r.finished {
		return Result{}, ErrUnfinished
	}
	res, metrics, err := resultOf(r.dir, r.config)
	if errors.Is(err, errUnmeasured) {
		r.notef("%v: measuring again", err)
		err = r.measureAgain(&res)
	}
	if err != nil {
		return res, err
	}
	text, err := EncodeJSON(res)
	if err != nil {
		return res, err
	}
	if r.Figures != nil {
		files, err := r.Figures(r.config, metrics)
		if err != nil {
			return res, err
		}
		for _, f := range files {
			if err := r.dir.Write(f.Name, f.Text); err != nil {
				return res, err
			}
		}
	}
	return res, r.dir.Write("result.json", text)
}

// measureAgain puts into the result of a finished run what its metrics lack: the evaluations before
// and after it are made once more, on the same episodes.
func (r *Run) measureAgain(res *Result) error {
	opened, err := Open(string(r.dir), r.source())
	if err != nil {
		return err
	}
	before, after, err := opened.BeforeAndAfter(context.Background(), EvalSplit(opened.Config), r.Workers, nil)
	if err != nil {
		return err
	}
	opened.Fill(res, before, after)
	return nil
}
