package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"metaplast/data/regular"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/config"
	"metaplast/metaopt/record"
)

// gapError says that metrics.jsonl ends before a checkpoint: records of meta-steps that are trained
// are missing from it.
type gapError struct {
	dir  folder
	last int // meta-step of the last record of training that is there; −1 if there is none
	step int // of the checkpoint
	what string
}

func (e *gapError) Error() string {
	at := "has no record of training"
	if e.last >= 0 {
		at = fmt.Sprintf("ends at meta-step %d", e.last)
	}
	return fmt.Sprintf("%s %s, before the checkpoint of meta-step %d: %s missing; restore the file, or go on without them, which is then noted in it: %s",
		e.dir.metrics(), at, e.step, e.what, pasted("train", "--resume", e.dir, "--accept-gap"))
}

// gap looks for what the metrics of a run must hold at a checkpoint: of every learner the last record
// of training before it, and the evaluation where one was due. A *gapError tells what is missing, unless
// a record of the gap says it already.
func (f folder) gap(cfg *config.Config, c *checkpoint.Checkpoint) error {
	all, err := readMetrics(f.metrics())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if run := all[""]; run != nil && slices.Contains(run.gaps, c.Step) {
		return nil
	}
	logged := c.Step - c.Unlogged
	e := &gapError{dir: f, last: -1, step: c.Step}
	for _, l := range c.Learners {
		s := all[l.Name]
		if s == nil {
			s = &series{}
		}
		if logged > 0 && !slices.Contains(s.steps, logged) {
			for _, step := range s.steps {
				if step < logged {
					e.last = max(e.last, step)
				}
			}
			e.what = fmt.Sprintf("records up to meta-step %d are", logged)
		}
		due := cfg.Settings().EvaluationDue(c.Step) && !c.Pending
		if e.what == "" && due && !slices.ContainsFunc(s.evals, func(h heldOut) bool { return h.Step == c.Step }) {
			e.last, e.what = logged, fmt.Sprintf("the evaluation of %s after it is", l.Name)
		}
	}
	if e.what == "" {
		return nil
	}
	return e
}

// resumable is the checkpoint to go on from: the last, or, where metrics.jsonl ends before it, the
// one before if the file has all up to that, so that what is missing is recorded once more. If it has
// not, the last one with accept, after the gap is noted, and else a *gapError.
func (r *job) resumable(saved *checkpoint.Checkpoint) (path string, c *checkpoint.Checkpoint, err error) {
	path = r.dir.checkpoint()
	// Reading it through a link would do no harm, but it could not be gone on with.
	if info, err := os.Lstat(r.dir.metrics()); err == nil {
		if err := regular.CheckLink(r.dir.metrics(), info); err != nil {
			return "", nil, badInput(err)
		}
	}
	err = r.dir.gap(r.config, saved)
	var missing *gapError
	if !errors.As(err, &missing) {
		return path, saved, err
	}
	before := checkpoint.PreviousPath(path)
	if c, err := checkpoint.Load(before); err == nil && c.Step < saved.Step && r.dir.verify(r.config, c) == nil && r.dir.gap(r.config, c) == nil {
		r.notef("%s ends before the checkpoint of meta-step %d: going on from the one before it, of meta-step %d, so that no record is missing", r.dir.metrics(), saved.Step, c.Step)
		return before, c, nil
	}
	if !r.acceptGap {
		return "", nil, badInput(missing)
	}
	log, err := record.OpenJSONL(r.dir.metrics(), saved.Step)
	if err != nil {
		return "", nil, err
	}
	err = log.Record(record.Record{Step: saved.Step, Kind: record.KindGap, Message: missing.what + " missing"})
	return path, saved, errors.Join(err, log.Close())
}
