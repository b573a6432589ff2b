package run

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
)

// Folder is the path of a run folder:
//
//	config.yaml         the configuration, every field explicit; from which Create makes the run again
//	checkpoint.npz      parameters, Adam's moments, counters; see package checkpoint
//	metrics.jsonl       a record a line; see package record
//	tensorboard/        the same for TensorBoard, with wall-clock times; see Options.Now
//	data.json           the data set that episodes are drawn from; see data.Identity
//	start.npz           parameters that it begins from, if they are not those of its seed; see From
//	result.json         a Result, at the end
//	learning-curve.png  and .svg, at the end; see Options.Figures
//	environment.json    versions, times and workers of every start
//	checkpoint.sound.npz, checkpoint-NNNNNN.npz   see package checkpoint
//	config.before.yaml  while an extension is under way; see beforeFile
//	lock                see Lock
//
// All but environment.json, lock, the times in event files and the checkpoint before the last
// (checkpoint.prev.npz) are a function of the configuration, byte for byte.
type Folder string

// Path is that of a file of the folder.
func (f Folder) Path(name string) string { return filepath.Join(string(f), name) }

// ConfigFile is the path of the configuration.
func (f Folder) ConfigFile() string { return f.Path("config.yaml") }

// Checkpoint is the path of the last checkpoint.
func (f Folder) Checkpoint() string { return f.Path("checkpoint.npz") }

// Metrics is the path of the records.
func (f Folder) Metrics() string { return f.Path("metrics.jsonl") }

// MaxDocument bounds the documents of run folders and studies that are read whole.
const MaxDocument = 64 << 20

// vacant checks that a new run can be put here: the folder does not exist, or is empty but
// for what a start that was cut short leaves behind.
func (f Folder) vacant() error {
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
		if _, err := os.Stat(f.ConfigFile()); err != nil {
			return f.refused(NotEmpty, "%s is not empty (%s) and holds no run; choose another folder", f, name)
		}
		// A run under way is better named as such.
		lock, err := Lock(string(f))
		if errors.Is(err, ErrInUse) {
			return err
		}
		if err == nil {
			lock.Unlock()
		}
		return f.refused(HasRun, "%s holds a run already", f)
	}
	return nil
}

// sweep removes what deaths in the middle of writing left behind. The folder must be locked.
func (f Folder) sweep() error {
	names := []string{"config.yaml", beforeFile, startFile, dataFile, "environment.json", "result.json", "learning-curve.png", "learning-curve.svg"}
	checkpoints, err := f.Checkpoints()
	if err != nil {
		return err
	}
	for _, path := range append(checkpoints, f.Checkpoint()) {
		names = append(names, filepath.Base(path))
	}
	return durable.RemoveStale(string(f), names...)
}

// Load reads the configuration of a run.
func (f Folder) Load() (*config.Config, error) {
	info, err := os.Stat(string(f))
	switch {
	case err != nil:
		return nil, f.refused(NoFolder, "run folder: %w", err)
	case !info.IsDir():
		return nil, fmt.Errorf("%s is a file, want the folder of a run", f)
	}
	c, err := config.Load(f.ConfigFile(), nil)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s holds no run: it has no config.yaml", f)
	}
	return c, err
}

// Saved reads the checkpoint of a run; nil if it has none yet.
func (f Folder) Saved() (*checkpoint.Checkpoint, error) { return f.SavedAt(f.Checkpoint()) }

// SavedAt is Saved of another of the run's checkpoints.
func (f Folder) SavedAt(path string) (*checkpoint.Checkpoint, error) {
	c, err := checkpoint.Load(path)
	if !errors.Is(err, fs.ErrNotExist) || path != f.Checkpoint() {
		return c, err
	}
	if _, err := os.Stat(checkpoint.PreviousPath(f.Checkpoint())); err == nil {
		return nil, fmt.Errorf("%s is missing; the checkpoint before it is there: rename %s to it to go on from that",
			f.Checkpoint(), checkpoint.PreviousPath(f.Checkpoint()))
	}
	return nil, nil
}

// Write puts a file in the folder, atomically.
func (f Folder) Write(name string, text []byte) error {
	return renameio.WriteFile(f.Path(name), text, 0o644, renameio.WithTempDir(string(f)))
}
