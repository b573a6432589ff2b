package study

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"

	"metaplast/data/fault"
	"metaplast/metaopt"
	"metaplast/metaopt/run"
)

// Work is a study under way in a folder:
//
//	study.yaml          what was asked for; see Plan.Encode
//	seed-N/             the run of a seed, a run.Folder
//	seed-N.measured.json   what was measured of it, a Measured
//	verdict.json        a Result
//	table.txt           the same for people
//	coefficients.svg, .png   or what else Figures draws
//
// A Work that was interrupted, in whatever way, is gone on with by another one of the same plan and
// folder, and comes to the same bytes.
type Work struct {
	Plan    *Plan
	Dir     string
	Workers int // threads, on as many runs side by side; 0 means 1. The result does not depend on it

	// Run are the options of all runs: Facts, Now, Note, Figures, Moved, Remat, and Memory, which
	// they share; Note is called by several goroutines. The others are set here.
	Run run.Options

	// Figures draws what is put beside verdict.json. Its files must be functions of the result. It may be
	// nil.
	Figures func(*Result) ([]run.File, error)

	Progress func(seed uint64) func(metaopt.Progress) // what the run of a seed reports to; may be nil
	Trained  func(Cell)                               // told when the run of a cell is finished, by several goroutines; may be nil

	checked bool
	trained atomic.Int64
}

// Folder is that of a cell's run.
func (w *Work) Folder(c Cell) run.Folder { return run.Folder(filepath.Join(w.Dir, c.Folder())) }

// Finished is the number of runs that are trained.
func (w *Work) Finished() int { return int(w.trained.Load()) }

// Do trains and measures what is left to do, judges the whole, and writes study.yaml, verdict.json
// and table.txt. When ctx ends, what is under way is saved and metaopt.ErrInterrupted returned. Check
// comes first where it has not been called.
func (w *Work) Do(ctx context.Context) (*Result, error) {
	lock, err := w.open()
	if err != nil {
		return nil, err
	}
	defer lock.Unlock()
	measured, err := each(ctx, w.Plan, w.Workers, w.train, w.measure)
	if err != nil {
		return nil, err
	}
	result, err := Judge(w.Plan, measured, w.Dir)
	if err != nil {
		return nil, err
	}
	text, err := run.EncodeJSON(result)
	if err != nil {
		return nil, err
	}
	f := run.Folder(w.Dir)
	if w.Figures != nil {
		files, err := w.Figures(result)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if err := f.Write(file.Name, file.Text); err != nil {
				return nil, err
			}
		}
	}
	return result, errors.Join(f.Write(TableFile, result.Table()), f.Write(VerdictFile, text))
}

// Check finds what is wrong before anything is written, and makes or reads what episodes are drawn
// from. Errors are fault.Input, and a *DataError where the data set cannot be read.
func (w *Work) Check() error {
	if err := w.vacant(); err != nil {
		return fault.Given(err)
	}
	from := &run.Source{Sampler: w.Run.Sampler, Moved: w.Run.Moved, Note: w.Run.Note}
	if err := from.Read(w.Plan.Cells[0].Config.Task); err != nil {
		return fault.Given(&DataError{err})
	}
	told := w.Run.Sampler != nil
	for _, cell := range w.Plan.Cells {
		recorded, err := w.Folder(cell).SameData(from.Sampler, w.Run.Moved)
		if err != nil {
			return fault.Given(err)
		}
		told = told || recorded
	}
	from.Tell(told)
	w.Run.Sampler, w.checked = from.Sampler, true
	return nil
}

// DataError says that the data set of a study cannot be read.
type DataError struct{ Err error }

func (e *DataError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *DataError) Unwrap() error { return e.Err }

// open makes the folder of the study and locks it, after all that can be wrong has been checked.
func (w *Work) open() (*run.Locked, error) {
	if !w.checked {
		if err := w.Check(); err != nil {
			return nil, err
		}
	}
	text, err := w.Plan.Encode()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(w.Dir, 0o755); err != nil {
		return nil, fault.Given(err)
	}
	lock, err := run.Lock(w.Dir)
	if err != nil {
		return nil, err
	}
	if err := w.sweep(); err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	if err := run.Folder(w.Dir).Write(File, text); err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return lock, nil
}

// train trains a cell from where it was left.
func (w *Work) train(ctx context.Context, c Cell, threads int) error {
	o := w.Run
	o.Workers, o.From, o.Set, o.AcceptGap = threads, nil, nil, false
	o.Memory /= int64(max(1, min(w.Workers, len(w.Plan.Cells))))
	if w.Progress != nil {
		o.Progress = w.Progress(c.Seed)
	}
	if err := w.trainRun(ctx, c, o); err != nil {
		return fmt.Errorf("seed %d: %w", c.Seed, err)
	}
	w.trained.Add(1)
	if w.Trained != nil {
		w.Trained(c)
	}
	return nil
}

func (w *Work) trainRun(ctx context.Context, c Cell, o run.Options) (err error) {
	var r *run.Run
	f := w.Folder(c)
	if _, e := os.Stat(f.ConfigFile()); e == nil {
		if was, err := f.Load(); err == nil && was.Task.Dir != c.Config.Task.Dir { // the data set was moved
			o.Set = []string{fmt.Sprintf("task.dir=%q", c.Config.Task.Dir)}
		}
		r, err = run.Reopen(string(f), o)
	} else {
		r, err = run.Create(string(f), c.Config, o)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if err := r.Train(ctx); err != nil {
		return err
	}
	_, err = r.Result()
	return err
}
