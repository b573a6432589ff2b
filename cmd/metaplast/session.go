package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"metaplast/graph/op"
	"metaplast/metaopt"
)

// session is a run that is open for training: its folder is locked, and its trainer stands
// where the run was left.
type session struct {
	trainer *metaopt.Trainer // nil if the run is finished
	last    int              // meta-step of the last checkpoint, up to which logs are kept; −1 if there is none
	lock    *metaopt.RunLock
}

// finished reports whether there is nothing left to train.
func (s *session) finished() bool { return s.trainer == nil }

func (s *session) close() {
	if s.trainer != nil {
		s.trainer.Close()
	}
	s.lock.Unlock()
}

// create makes the folder of a new run, and all that can be wrong is found before.
func (r *job) create() (s *session, err error) {
	if r.fingerprint, err = r.config.Fingerprint(); err != nil {
		return nil, err
	}
	if err := r.dir.vacant(); err != nil {
		return nil, badInput(err)
	}
	t, err := r.trainer()
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			t.Close()
		}
	}()
	if err := os.MkdirAll(string(r.dir), 0o755); err != nil {
		return nil, badInput(err)
	}
	lock, err := metaopt.LockRun(string(r.dir))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			lock.Unlock()
		}
	}()
	if _, err := os.Stat(r.dir.config()); err == nil {
		return nil, badInput(fmt.Errorf("%s: another process has just begun a run there", r.dir))
	}
	text, err := r.config.Encode()
	if err != nil {
		return nil, err
	}
	if err := r.dir.write("config.yaml", text); err != nil {
		return nil, err
	}
	return &session{trainer: t, last: -1, lock: lock}, nil
}

// reopen opens the run in a folder, with the configuration that it was begun with.
func (r *job) reopen(dir folder) (s *session, err error) {
	r.dir = dir
	if r.config, err = dir.load(); err != nil {
		return nil, badInput(err)
	}
	if r.fingerprint, err = r.config.Fingerprint(); err != nil {
		return nil, err
	}
	// Read before the lock is taken, so that nothing is touched if it cannot be used, and
	// once more after it.
	if _, err := dir.saved(); err != nil {
		return nil, badInput(err)
	}
	lock, err := metaopt.LockRun(string(dir))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			lock.Unlock()
		}
	}()
	saved, err := dir.saved()
	if err != nil {
		return nil, badInput(err)
	}
	if saved != nil && saved.Step >= r.config.Meta.Steps && saved.Fingerprint == r.fingerprint {
		return &session{last: saved.Step, lock: lock}, nil
	}
	r.otherBLAS()
	t, err := r.trainer()
	if err != nil {
		return nil, err
	}
	s = &session{trainer: t, last: -1, lock: lock}
	if saved != nil {
		if err := t.Restore(dir.checkpoint(), saved); err != nil {
			t.Close()
			return nil, err
		}
		s.last = saved.Step
	}
	return s, nil
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
		again := "not on this processor"
		if set := strings.ToLower(strings.ReplaceAll(was, "-", "")); slices.Contains(op.KernelSets(), set) {
			again = op.KernelsVariable + "=" + set
		}
		r.notef("the run's kernels were %s so far and are %s now: the same to rounding, not bit for bit (%s)", was, is, again)
	}
}

// compute trains to the end, or until ctx ends, which is metaopt.ErrInterrupted. Whatever
// happens, the folder holds a valid run.
func (r *job) compute(ctx context.Context, s *session) error {
	err := r.records.open(r.dir, s.last)
	if err == nil {
		err = r.dir.note(r.workers, s.trainer.Remat(), s.trainer.Step())
	}
	if err == nil {
		err = s.trainer.Run(ctx)
	}
	return errors.Join(err, r.records.Close())
}
