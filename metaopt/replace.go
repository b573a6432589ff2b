package metaopt

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
)

// PreviousPath is where SaveCheckpoint keeps the checkpoint before the one at path:
// "checkpoint.npz" → "checkpoint.prev.npz".
func PreviousPath(path string) string {
	ext := filepath.Ext(path)
	return strings.TrimSuffix(path, ext) + ".prev" + ext
}

// replace makes the file at path hold what write writes, all of it or, on error, none of it.
//
//	.checkpoint.npz…  written and synced beside it, then
//	checkpoint.prev.npz  ← checkpoint.npz   by a hard link and a rename
//	checkpoint.npz  ← .checkpoint.npz…      by a rename; then the folder is synced
//
// Whenever the process dies, path holds the old file or the new one, complete. What a death
// left behind of earlier attempts is removed first, so the caller must be the only process
// that writes here (LockRun). On file systems without hard links no previous file is kept.
func replace(path string, write func(io.Writer) error) error {
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
	// A name that removeStale knows, for a death between the link and the rename.
	link := filepath.Join(dir, "."+base+"0")
	switch err := os.Link(path, link); {
	case err == nil:
		if err := os.Rename(link, PreviousPath(path)); err != nil {
			return errors.Join(err, os.Remove(link))
		}
		// Renaming a file to another link of the same file leaves both names.
		if err := os.Remove(link); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errors.ErrUnsupported), errors.Is(err, fs.ErrPermission):
		// The first checkpoint, or no hard links here (EPERM on Linux).
	default:
		return err
	}
	if err := f.CloseAtomicallyReplace(); err != nil {
		return err
	}
	return syncDir(dir)
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
