package run

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"metaplast/data/fault"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/config"
	"metaplast/metaopt/record"
)

// beforeFile is the configuration that a run had until an extension, while that is under way.
//
// An extension changes config.yaml, and with it the fingerprint that all checkpoints have. It writes
//
//	config.before.yaml   the configuration so far
//	config.yaml          the new one
//	checkpoint*.npz      each with the new fingerprint
//
// takes out of the logs what a run that was begun with the new one would not have recorded at the
// former end, see unended, and removes config.before.yaml. A death on the way leaves checkpoints with either fingerprint, both
// of which are accepted, and the next start finishes the work.
const beforeFile = "config.before.yaml"

// Verify checks that a checkpoint was trained with the configuration of its folder.
func (f Folder) Verify(cfg *config.Config, c *checkpoint.Checkpoint) error {
	is, err := cfg.Fingerprint()
	if err != nil {
		return err
	}
	if c.Fingerprint == is {
		return nil
	}
	if before, err := f.before(); err == nil {
		if was, err := before.Fingerprint(); err == nil && c.Fingerprint == was && config.Continues(before, cfg, 0) == nil {
			return nil
		}
	}
	how := fmt.Sprintf("fingerprint %.12s…, that of the checkpoint is %.12s…", is, c.Fingerprint)
	if cfg.Seed != c.Seed {
		how = fmt.Sprintf("seed %d, that of the checkpoint is %d", cfg.Seed, c.Seed)
	}
	return f.refused(Altered, "%s was altered: it is not the configuration that the run was trained with (%s). Restore it, or begin a new run with it",
		f.ConfigFile(), how)
}

// before reads the configuration of before an extension that is under way. The error is
// fs.ErrNotExist if none is.
func (f Folder) before() (*config.Config, error) { return config.Load(f.Path(beforeFile), nil) }

// settle finishes an extension that was cut short. The folder must be locked.
func (f Folder) settle() error {
	before, err := f.before()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fault.Given(err)
	}
	now, err := f.Load()
	if err != nil {
		return fault.Given(err)
	}
	was, err := before.Fingerprint()
	if err != nil {
		return err
	}
	is, err := now.Fingerprint()
	if err != nil {
		return err
	}
	paths, err := f.Checkpoints()
	if err != nil {
		return err
	}
	drop, logged := unended(before, now)
	for _, path := range paths {
		c, err := checkpoint.Load(path)
		if errors.Is(err, checkpoint.ErrDamaged) || err == nil && c.Fingerprint != was {
			continue
		}
		if err != nil {
			return err
		}
		c.Fingerprint = is
		if c.Step == before.Meta.Steps {
			c.Unlogged = c.Step - logged
		}
		if path == f.Checkpoint() || path == checkpoint.PreviousPath(f.Checkpoint()) {
			// An evaluation that only the new configuration asks for is still to be done.
			c.Pending = now.Settings().EvaluationDue(c.Step) && (c.Pending || !before.Settings().EvaluationDue(c.Step))
		}
		if err := checkpoint.Rewrite(path, c); err != nil {
			return err
		}
	}
	if err := errors.Join(record.PruneJSONL(f.Metrics(), drop), record.PruneTensorBoard(f.Path("tensorboard"), drop)); err != nil {
		return err
	}
	return os.Remove(f.Path(beforeFile))
}

// unended tells which records an extended run has only because it ended: those of training and of the
// evaluation at the former end, unless they are due there anyhow. logged is the last meta-step up to there that
// keeps records of training.
func unended(before, now *config.Config) (drop func(step int, kind string) bool, logged int) {
	end := before.Meta.Steps
	was, is := before.Settings(), now.Settings()
	was.Steps = is.Steps // as if it had gone on
	if logged = was.LastLogged(end); is.LastLogged(end) == end {
		logged = end
	}
	evaluated := was.EvaluationDue(end) || is.EvaluationDue(end)
	return func(step int, kind string) bool {
		return step == end && (kind == record.KindTrain && logged < end || kind == record.KindEval && !evaluated)
	}, logged
}

// Checkpoints lists the files of the folder that are checkpoints of its run.
func (f Folder) Checkpoints() ([]string, error) {
	list := []string{f.Checkpoint(), checkpoint.PreviousPath(f.Checkpoint()), checkpoint.SoundPath(f.Checkpoint())}
	kept, err := f.Kept()
	if err != nil {
		return nil, err
	}
	for _, step := range kept {
		list = append(list, checkpoint.KeptPath(f.Checkpoint(), step))
	}
	var there []string
	for _, path := range list {
		if _, err := os.Lstat(path); err == nil {
			there = append(there, path)
		}
	}
	return there, nil
}

// Kept lists the meta-steps of the checkpoints that are kept for good.
func (f Folder) Kept() ([]int, error) {
	entries, err := os.ReadDir(string(f))
	if err != nil {
		return nil, err
	}
	var steps []int
	for _, e := range entries {
		var step int
		if _, err := fmt.Sscanf(e.Name(), "checkpoint-%d.npz", &step); err == nil && filepath.Base(checkpoint.KeptPath("checkpoint.npz", step)) == e.Name() {
			steps = append(steps, step)
		}
	}
	return steps, nil
}

// extension is a change of a run's configuration that has been checked and is still to be made.
type extension struct {
	dir     Folder
	was, is []byte // the texts of config.yaml
}

// extended changes the configuration of the run by Options.Set; that in the folder changes when the extension is
// made. saved is the checkpoint that the run goes on from, nil if there is none. Where nothing changes there
// is no extension.
func (r *Run) extended(saved *checkpoint.Checkpoint) (*extension, error) {
	done := 0
	if saved != nil {
		done = saved.Step
	}
	next, err := config.Extend(r.config, r.Set, done)
	if err != nil {
		return nil, fault.Given(err)
	}
	fingerprint, err := next.Fingerprint()
	if err != nil || fingerprint == r.fingerprint {
		return nil, err
	}
	if err := r.sameImages(next); err != nil { // also of a run that is finished
		return nil, err
	}
	e := &extension{dir: r.dir}
	if e.was, err = r.config.Encode(); err != nil {
		return nil, err
	}
	if e.is, err = next.Encode(); err != nil {
		return nil, err
	}
	r.config, r.fingerprint = next, fingerprint
	return e, nil
}

// make makes the extension, in the order that beforeFile tells.
func (e *extension) make() error {
	if err := e.dir.Write(beforeFile, e.was); err != nil {
		return err
	}
	if err := e.dir.Write("config.yaml", e.is); err != nil {
		return err
	}
	return e.dir.settle()
}
