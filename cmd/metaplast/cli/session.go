package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"metaplast/graph/op"
	"metaplast/metaopt"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/config"
	"metaplast/metaopt/run"
)

// session is a run that is open for training: its folder is locked, and its trainer stands
// where the run was left.
type session struct {
	trainer *metaopt.Trainer // nil if the run is finished
	last    int              // meta-step of the last checkpoint, up to which logs are kept; −1 if there is none
	lock    *run.Locked
}

// finished reports whether there is nothing left to train.
func (s *session) finished() bool { return s.trainer == nil }

func (s *session) close() {
	s.free()
	s.lock.Unlock()
}

// free gives the memory of the trainer back: the result of a run is made without it.
func (s *session) free() {
	if s.trainer != nil {
		s.trainer.Close()
		s.trainer = nil
	}
}

// create makes the folder of a new run, and all that can be wrong is found before.
func (r *job) create() (s *session, err error) {
	if r.fingerprint, err = r.config.Fingerprint(); err != nil {
		return nil, err
	}
	if err := r.dir.vacant(); err != nil {
		return nil, badInput(err)
	}
	images := r.images()
	if err := images.read(r.config.Task); err != nil {
		return nil, badInput(err)
	}
	if r.sampler == nil {
		r.sampler = images.sampler
		images.tell(false)
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
	lock, err := run.Lock(string(r.dir))
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
	if err := r.dir.sweep(); err != nil {
		return nil, err
	}
	text, err := r.config.Encode()
	if err != nil {
		return nil, err
	}
	if r.origin != nil {
		if err := r.dir.write(startFile, r.originText); err != nil {
			return nil, err
		}
	}
	if err := r.dir.record(r.sampler); err != nil {
		return nil, err
	}
	if err := r.dir.write("config.yaml", text); err != nil {
		return nil, err
	}
	return &session{trainer: t, last: -1, lock: lock}, nil
}

// reopen opens the run in a folder, with the configuration that it was begun with.
func (r *job) reopen(dir folder) (_ *session, err error) {
	r.dir = dir
	// Read before the lock is taken, so that nothing is touched if it cannot be used, and
	// once more after it.
	if _, err := r.read(); err != nil {
		return nil, err
	}
	lock, err := run.Lock(string(dir))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			lock.Unlock()
		}
	}()
	if err := errors.Join(dir.sweep(), dir.settle()); err != nil {
		return nil, err
	}
	saved, err := r.read()
	if err != nil {
		return nil, err
	}
	path := dir.checkpoint()
	if saved != nil {
		if d := metaopt.Stopped(saved, r.config.Meta.MaxDiverged); d != nil {
			return nil, r.hintDiverged(d)
		}
		if path, saved, err = r.resumable(saved); err != nil {
			return nil, err
		}
	}
	var change *extension
	if len(r.sets) > 0 {
		if change, err = r.extended(saved); err != nil {
			return nil, err
		}
	}
	s := &session{last: -1, lock: lock}
	defer func() {
		if err != nil && s.trainer != nil {
			s.trainer.Close()
		}
	}()
	if saved != nil {
		s.last = saved.Step
	}
	if saved == nil || saved.Step < r.config.Meta.Steps || saved.Pending {
		if s.trainer, err = r.ready(saved); err != nil {
			return nil, err
		}
	}
	// All that can be wrong with it has been found.
	if change != nil {
		if err := change.make(); err != nil {
			return nil, err
		}
		if saved != nil {
			if saved, err = checkpoint.Load(path); err != nil {
				return nil, err
			}
		}
	}
	if s.finished() {
		return s, nil
	}
	if err := r.dir.recordFirst(r.sampler); err != nil {
		return nil, err
	}
	if saved != nil {
		if err := s.trainer.Restore(path, saved); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// ready builds the trainer of a run that goes on from a checkpoint, or is begun again if there is none.
func (r *job) ready(saved *checkpoint.Checkpoint) (t *metaopt.Trainer, err error) {
	if saved == nil {
		if r.origin, err = r.dir.started(r.config); err != nil {
			return nil, err
		}
	}
	if err := r.sameImages(r.config); err != nil {
		return nil, err
	}
	r.otherBLAS()
	return r.trainer()
}

// sameImages reads what the run's episodes are drawn from under a configuration, or checks what has
// been read: it must be what the run was trained on.
func (r *job) sameImages(cfg *config.Config) error {
	images := r.images()
	_, err := images.open(r.dir, cfg.Task)
	r.sampler = images.sampler
	return badInput(err)
}

// read reads the configuration of the run and its last checkpoint, nil if there is none yet, which
// must belong together.
func (r *job) read() (saved *checkpoint.Checkpoint, err error) {
	if r.config, err = r.dir.load(); err != nil {
		return nil, badInput(err)
	}
	if r.fingerprint, err = r.config.Fingerprint(); err != nil {
		return nil, err
	}
	if saved, err = r.dir.saved(); err == nil && saved != nil {
		err = r.dir.verify(r.config, saved)
	}
	return saved, badInput(err)
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
		if set := kernelSet(was); slices.Contains(op.KernelSets(), set) {
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
		r.watch, err = r.note(s.trainer.Remat(), s.trainer.Step())
	}
	if err == nil {
		err = errors.Join(s.trainer.Run(ctx), r.watch.write(s.trainer.Step()))
	}
	return errors.Join(err, r.records.Close())
}
