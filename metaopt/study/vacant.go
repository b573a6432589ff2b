package study

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"metaplast/data/durable"
	"metaplast/metaopt/run"
)

// vacant checks that the folder is free, or holds this study and no other.
func (w *Work) vacant() error {
	entries, err := os.ReadDir(w.Dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	if _, err := os.Stat(filepath.Join(w.Dir, File)); err != nil {
		for _, e := range entries {
			// A death before study.yaml had its name leaves the lock and a temporary file.
			if name := e.Name(); name != "lock" && !strings.HasPrefix(name, "."+File) {
				return w.refused(run.NotEmpty, "%s is not empty (%s) and holds no study; choose another folder", w.Dir, name)
			}
		}
	}
	for _, cell := range w.Plan.Cells {
		f := w.Folder(cell)
		if _, err := os.Lstat(f.ConfigFile()); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		have, err := f.Load()
		if err != nil {
			return err
		}
		have.Task.Dir = cell.Config.Task.Dir // may change, see train
		text, err := have.Encode()
		if err != nil {
			return err
		}
		want, err := cell.Config.Encode()
		if err != nil {
			return err
		}
		if !bytes.Equal(text, want) {
			return fmt.Errorf("%s holds a run with other settings than those of this study: choose another folder, or give the size, the task and the changes that it was begun with (%s)",
				f, filepath.Join(w.Dir, File))
		}
	}
	return nil
}

// refused is a run.FolderError about the folder of the study.
func (w *Work) refused(why run.Reason, format string, args ...any) error {
	return &run.FolderError{Folder: run.Folder(w.Dir), Reason: why, Err: fmt.Errorf(format, args...)}
}

// sweep removes what deaths in the middle of writing left behind.
func (w *Work) sweep() error {
	names := []string{File, VerdictFile, TableFile}
	for _, cell := range w.Plan.Cells {
		names = append(names, measuredFile(cell))
	}
	return durable.RemoveStale(w.Dir, names...)
}
