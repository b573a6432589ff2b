package run

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"metaplast/data/fault"
	"metaplast/data/regular"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/config"
	"metaplast/metaopt/record"
)

// GapError says that metrics.jsonl ends before a checkpoint: records of meta-steps that are trained
// are missing from it.
type GapError struct {
	Folder Folder
	Last   int    // meta-step of the last record of training that is there; −1 if there is none
	Step   int    // of the checkpoint
	What   string // in words
}

func (e *GapError) Error() string {
	at := "has no record of training"
	if e.Last >= 0 {
		at = fmt.Sprintf("ends at meta-step %d", e.Last)
	}
	return fmt.Sprintf("%s %s, before the checkpoint of meta-step %d: %s missing; restore the file, or go on without them, which is then noted in it",
		e.Folder.Metrics(), at, e.Step, e.What)
}

// Gap looks for what the metrics of a run must hold at a checkpoint: of every learner the last record
// of training before it, and the evaluation where one was due. A *GapError tells what is missing, unless
// a record of the gap says it already.
func (f Folder) Gap(cfg *config.Config, c *checkpoint.Checkpoint) error {
	all, err := ReadMetrics(f.Metrics())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if none := all[""]; none != nil && slices.Contains(none.Gaps, c.Step) {
		return nil
	}
	logged := c.Step - c.Unlogged
	e := &GapError{Folder: f, Last: -1, Step: c.Step}
	for _, l := range c.Learners {
		s := all[l.Name]
		if s == nil {
			s = &Series{}
		}
		if logged > 0 && !slices.Contains(s.Steps, logged) {
			for _, step := range s.Steps {
				if step < logged {
					e.Last = max(e.Last, step)
				}
			}
			e.What = fmt.Sprintf("records up to meta-step %d are", logged)
		}
		due := cfg.Settings().EvaluationDue(c.Step) && !c.Pending
		if e.What == "" && due && !slices.ContainsFunc(s.Evals, func(h HeldOut) bool { return h.Step == c.Step }) {
			e.Last, e.What = logged, fmt.Sprintf("the evaluation of %s after it is", l.Name)
		}
	}
	if e.What == "" {
		return nil
	}
	return e
}

// resumable is the checkpoint to go on from: the last, or, where metrics.jsonl ends before it, the
// one before if the file has all up to that, so that what is missing is recorded once more. If it has
// not, the last one with accept, after the gap is noted, and else a *GapError.
func (r *Run) resumable(saved *checkpoint.Checkpoint) (path string, c *checkpoint.Checkpoint, err error) {
	path = r.dir.Checkpoint()
	// Reading it through a link would do no harm, but it could not be gone on with.
	if info, err := os.Lstat(r.dir.Metrics()); err == nil {
		if err := regular.CheckLink(r.dir.Metrics(), info); err != nil {
			return "", nil, fault.Given(err)
		}
	}
	err = r.dir.Gap(r.config, saved)
	var missing *GapError
	if !errors.As(err, &missing) {
		return path, saved, err
	}
	before := checkpoint.PreviousPath(path)
	if c, err := checkpoint.Load(before); err == nil && c.Step < saved.Step && r.dir.Verify(r.config, c) == nil && r.dir.Gap(r.config, c) == nil {
		r.notef("%s ends before the checkpoint of meta-step %d: going on from the one before it, of meta-step %d, so that no record is missing", r.dir.Metrics(), saved.Step, c.Step)
		return before, c, nil
	}
	if !r.AcceptGap {
		return "", nil, fault.Given(&FolderError{Folder: r.dir, Reason: Gap, Err: missing})
	}
	log, err := record.OpenJSONL(r.dir.Metrics(), saved.Step)
	if err != nil {
		return "", nil, err
	}
	err = log.Record(record.Record{Step: saved.Step, Kind: record.KindGap, Message: missing.What + " missing"})
	return path, saved, errors.Join(err, log.Close())
}
