package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"

	"metaplast/data/durable"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/config"
	"metaplast/metaopt/run"
	"metaplast/metaopt/study"
)

// folder is the path of a run folder:
//
//	config.yaml         the configuration, every field explicit; `train --config` reproduces the run
//	checkpoint.npz      parameters, Adam's moments, counters; see metaopt.Checkpoint
//	metrics.jsonl       a record a line; see metaopt.JSONL
//	tensorboard/        the same for TensorBoard, with wall-clock times
//	data.json           the data set that episodes are drawn from; see dataFile
//	start.npz           parameters that it begins from, with --from; see startFile
//	result.json         what `train --json` prints, at the end
//	learning-curve.png  and .svg, at the end
//	environment.json    versions, times and workers of every start
//	checkpoint.sound.npz, checkpoint-NNNNNN.npz   see metaopt.SoundPath and KeptPath
//	config.before.yaml  while an extension is under way; see beforeFile
//	lock                see metaopt.RunLock
//
// All but environment.json, lock, the times in event files and the checkpoint before the last
// (checkpoint.prev.npz) are a function of the configuration, byte for byte.
type folder string

func (f folder) path(name string) string { return filepath.Join(string(f), name) }
func (f folder) config() string          { return f.path("config.yaml") }
func (f folder) checkpoint() string      { return f.path("checkpoint.npz") }
func (f folder) metrics() string         { return f.path("metrics.jsonl") }

// maxNotes bounds the documents of run folders and studies that are read whole.
const maxNotes = 64 << 20

// vacant checks that a new run can be put here: the folder does not exist, or is empty but
// for what a start that was cut short leaves behind.
func (f folder) vacant() error {
	entries, err := os.ReadDir(string(f))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	for _, e := range entries {
		name := e.Name()
		if name == "lock" || name == startFile || name == dataFile || strings.HasPrefix(name, ".config.yaml") || strings.HasPrefix(name, "."+startFile) || strings.HasPrefix(name, "."+dataFile) {
			continue
		}
		if _, err := os.Stat(f.config()); err != nil {
			return fmt.Errorf("%s is not empty (%s) and holds no run; choose another folder with --out", f, name)
		}
		// A run under way is better named as such.
		lock, err := run.Lock(string(f))
		if errors.Is(err, run.ErrInUse) {
			return err
		}
		if err == nil {
			lock.Unlock()
		}
		return fmt.Errorf("%s holds a run already; go on with it by %s, or choose another folder with --out", f, pasted("train", "--resume", f))
	}
	return nil
}

// sweep removes what deaths in the middle of writing left behind. The folder must be locked.
func (f folder) sweep() error {
	names := []string{"config.yaml", beforeFile, startFile, dataFile, "environment.json", "result.json", "learning-curve.png", "learning-curve.svg"}
	checkpoints, err := f.checkpoints()
	if err != nil {
		return err
	}
	for _, path := range append(checkpoints, f.checkpoint()) {
		names = append(names, filepath.Base(path))
	}
	return durable.RemoveStale(string(f), names...)
}

// load reads the configuration of a run.
func (f folder) load() (*config.Config, error) {
	info, err := os.Stat(string(f))
	switch {
	case err != nil:
		return nil, fmt.Errorf("run folder: %w%s", err, f.elsewhere())
	case !info.IsDir():
		return nil, fmt.Errorf("%s is a file, want the folder of a run", f)
	}
	c, err := config.Load(f.config(), nil)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s holds no run: it has no config.yaml", f)
	}
	return c, err
}

// elsewhere asks whether another folder was meant, where this one does not exist: one below runs,
// where train and study put theirs.
func (f folder) elsewhere() string {
	if filepath.IsAbs(string(f)) {
		return ""
	}
	for _, below := range []string{"runs", filepath.Join("runs", "studies")} {
		there := folder(filepath.Join(below, string(f)))
		for _, name := range []string{"config.yaml", study.File} {
			if _, err := os.Stat(there.path(name)); err == nil {
				return fmt.Sprintf(": did you mean %s?", there)
			}
		}
	}
	return ""
}

// saved reads the checkpoint of a run; nil if it has none yet.
func (f folder) saved() (*checkpoint.Checkpoint, error) { return f.savedAt(f.checkpoint()) }

// savedAt is saved of another of the run's checkpoints.
func (f folder) savedAt(path string) (*checkpoint.Checkpoint, error) {
	c, err := checkpoint.Load(path)
	if !errors.Is(err, fs.ErrNotExist) || path != f.checkpoint() {
		return c, err
	}
	if _, err := os.Stat(checkpoint.PreviousPath(f.checkpoint())); err == nil {
		return nil, fmt.Errorf("%s is missing; the checkpoint before it is there: rename %s to it to go on from that",
			f.checkpoint(), checkpoint.PreviousPath(f.checkpoint()))
	}
	return nil, nil
}

// write puts a file in the folder, atomically.
func (f folder) write(name string, text []byte) error {
	return renameio.WriteFile(f.path(name), text, 0o644, renameio.WithTempDir(string(f)))
}
