package durable

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
)

// Link gives the file at path a further name, in the same folder, in place of what has that name:
// by a hard link, or where there are none as a copy. The file must be one that is only ever replaced.
func Link(path, to string) error {
	dir, base := filepath.Split(to)
	if err := removeStale(filepath.Clean(dir), "."+base); err != nil {
		return err
	}
	temp := filepath.Join(dir, "."+base+"0")
	switch err := os.Link(path, temp); {
	case err == nil:
		err := os.Rename(temp, to)
		// Renaming a file to another link of the same file leaves both names.
		if e := os.Remove(temp); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
		return err
	case errors.Is(err, errors.ErrUnsupported), errors.Is(err, fs.ErrPermission):
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return renameio.WriteFile(to, text, 0o644, renameio.WithTempDir(filepath.Clean(dir)))
	default:
		return err
	}
}

// Replace makes the file at path hold what write writes, all of it or, on error, none of it.
//
//	.checkpoint.npz…  written and synced beside it, then
//	previous        ← checkpoint.npz   by a link, see Link, if previous is not empty
//	checkpoint.npz  ← .checkpoint.npz…      by a rename; then the folder is synced
//
// Whenever the process dies, path holds the old file or the new one, complete. What a death
// left behind of earlier attempts is removed first, so the caller must be the only process
// that writes here.
func Replace(path, previous string, write func(io.Writer) error) error {
	dir, base := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	if err := removeStale(dir, "."+base); err != nil {
		return err
	}
	f, err := renameio.NewPendingFile(path, renameio.WithTempDir(dir), renameio.WithPermissions(0o644))
	if err != nil {
		return err
	}
	defer f.Cleanup()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if previous != "" {
		// There is none before the first.
		if err := Link(path, previous); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := f.CloseAtomicallyReplace(); err != nil {
		return err
	}
	return syncDir(dir)
}

// RemoveStale removes what a death while a file of one of these names was written left behind in
// dir: regular files called ".", the name, digits. The caller must be the only process that
// writes there.
func RemoveStale(dir string, names ...string) error {
	for _, name := range names {
		if err := removeStale(dir, "."+name); err != nil {
			return err
		}
	}
	return nil
}

// removeStale removes the regular files in dir whose names are prefix and digits.
func removeStale(dir, prefix string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		digits, ok := strings.CutPrefix(e.Name(), prefix)
		if !ok || digits == "" || strings.Trim(digits, "0123456789") != "" || !e.Type().IsRegular() {
			continue
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// syncDir makes a rename last beyond a loss of power.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
