package run

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"metaplast/data/fault"
	"metaplast/metaopt"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/config"
)

// Create makes the folder of a new run of a configuration, which it leaves as it is. All that can be
// wrong is found before anything is written. The folder must not exist, or be empty.
func Create(dir string, cfg *config.Config, o Options) (_ *Run, err error) {
	r := &Run{Options: o, dir: Folder(filepath.Clean(dir)), last: -1}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.Close())
		}
	}()
	if err := cfg.Validate(); err != nil {
		return nil, fault.Given(err)
	}
	if r.config, err = o.From.config(cfg); err != nil {
		return nil, fault.Given(err)
	}
	if r.fingerprint, err = r.config.Fingerprint(); err != nil {
		return nil, err
	}
	if err := r.dir.vacant(); err != nil {
		return nil, fault.Given(err)
	}
	from := r.source()
	if err := from.Read(r.config.Task); err != nil {
		return nil, fault.Given(err)
	}
	if r.Sampler == nil {
		r.Sampler = from.Sampler
		from.Tell(false)
	}
	if err := r.makeTrainer(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(string(r.dir), 0o755); err != nil {
		return nil, fault.Given(err)
	}
	if r.lock, err = Lock(string(r.dir)); err != nil {
		return nil, err
	}
	if _, err := os.Stat(r.dir.ConfigFile()); err == nil {
		return nil, fault.Given(fmt.Errorf("%s: another process has just begun a run there", r.dir))
	}
	return r, r.found()
}

// found writes what a run has before it is trained, its configuration last.
func (r *Run) found() error {
	if err := r.dir.sweep(); err != nil {
		return err
	}
	text, err := r.config.Encode()
	if err != nil {
		return err
	}
	if r.From != nil {
		if err := r.dir.Write(startFile, r.From.text); err != nil {
			return err
		}
	}
	if err := r.dir.record(r.Sampler); err != nil {
		return err
	}
	return r.dir.Write("config.yaml", text)
}

// Reopen opens the run in a folder to go on with it, with the configuration that it was begun with,
// or with changes of Options.Set to it. A run that stopped because a learner diverged is a
// *metaopt.DivergedError.
func Reopen(dir string, o Options) (_ *Run, err error) {
	r := &Run{Options: o, dir: Folder(filepath.Clean(dir)), last: -1}
	r.From = nil
	defer func() {
		if err != nil {
			err = errors.Join(err, r.Close())
		}
	}()
	// Read before the lock is taken, so that nothing is touched if it cannot be used, and
	// once more after it.
	if _, err := r.read(); err != nil {
		return nil, err
	}
	if r.lock, err = Lock(string(r.dir)); err != nil {
		return nil, err
	}
	if err := errors.Join(r.dir.sweep(), r.dir.settle()); err != nil {
		return nil, err
	}
	saved, err := r.read()
	if err != nil {
		return nil, err
	}
	path := r.dir.Checkpoint()
	if saved != nil {
		if d := metaopt.Stopped(saved, r.config.Meta.MaxDiverged); d != nil {
			return nil, d
		}
		if path, saved, err = r.resumable(saved); err != nil {
			return nil, err
		}
	}
	var change *extension
	if len(r.Set) > 0 {
		if change, err = r.extended(saved); err != nil {
			return nil, err
		}
	}
	return r, r.goOn(path, saved, change)
}

// goOn makes the trainer of a run that goes on from a checkpoint at path, unless it is finished, and the
// change of its configuration, after all that can be wrong with both has been found.
func (r *Run) goOn(path string, saved *checkpoint.Checkpoint, change *extension) (err error) {
	if saved != nil {
		r.last, r.step = saved.Step, saved.Step
	}
	if saved == nil || saved.Step < r.config.Meta.Steps || saved.Pending {
		if err := r.ready(saved); err != nil {
			return err
		}
	}
	if change != nil {
		if err := change.make(); err != nil {
			return err
		}
		if saved != nil {
			if saved, err = checkpoint.Load(path); err != nil {
				return err
			}
		}
	}
	if r.finished = r.trainer == nil; r.finished {
		return nil
	}
	if err := r.dir.recordFirst(r.Sampler); err != nil {
		return err
	}
	if saved == nil {
		return nil
	}
	return r.trainer.Restore(path, saved)
}

// ready builds the trainer of a run that goes on from a checkpoint, or is begun again if there is none.
func (r *Run) ready(saved *checkpoint.Checkpoint) (err error) {
	if saved == nil {
		if r.From, err = FromStart(r.dir, r.config); err != nil {
			return err
		}
	}
	if err := r.sameImages(r.config); err != nil {
		return err
	}
	r.otherRounding()
	return r.makeTrainer()
}

// sameImages reads what the run's episodes are drawn from under a configuration, or checks what has
// been read: it must be what the run was trained on.
func (r *Run) sameImages(cfg *config.Config) error {
	from := r.source()
	_, err := from.Open(r.dir, cfg.Task)
	r.Sampler = from.Sampler
	return fault.Given(err)
}

// read reads the configuration of the run and its last checkpoint, nil if there is none yet, which
// must belong together.
func (r *Run) read() (saved *checkpoint.Checkpoint, err error) {
	if r.config, err = r.dir.Load(); err != nil {
		return nil, fault.Given(err)
	}
	if r.fingerprint, err = r.config.Fingerprint(); err != nil {
		return nil, err
	}
	if saved, err = r.dir.Saved(); err == nil && saved != nil {
		err = r.dir.Verify(r.config, saved)
	}
	return saved, fault.Given(err)
}
