package outfolder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// temp is the temporary folder in which a Folder is made ready, beside it: ".", the folder's name,
// "-" and digits. It is locked by flock(2) as long as its process lives, so that what a death leaves
// behind can be told from what another process is filling.
type temp struct {
	path string
	lock *os.File
}

// makeTemp makes one. Another process may take it for a dead one's before it is locked, and then
// another is made. Where a file system has no locks on folders it is not locked, and never swept either.
func makeTemp(beside string) (*temp, error) {
	const tries = 100
	for range tries {
		path, err := os.MkdirTemp(filepath.Dir(beside), tempPrefix(beside))
		if err != nil {
			return nil, err
		}
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, errors.Join(err, os.Remove(path))
		}
		if err := flock(f); !errors.Is(err, unix.EWOULDBLOCK) && isAt(f, path) {
			return &temp{path: path, lock: f}, nil
		}
		f.Close()
	}
	return nil, fmt.Errorf("%s: %d temporary folders beside it were removed as soon as they were made", beside, tries)
}

// remove removes the folder with all that is in it.
func (t *temp) remove() error { return errors.Join(os.RemoveAll(t.path), t.lock.Close()) }

// sweepTemps removes the temporary folders beside a folder whose processes have died.
func sweepTemps(beside string) error {
	entries, err := os.ReadDir(filepath.Dir(beside))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var faults []error
	for _, e := range entries {
		digits, ok := strings.CutPrefix(e.Name(), tempPrefix(beside))
		if !ok || digits == "" || strings.Trim(digits, "0123456789") != "" || !e.IsDir() {
			continue
		}
		path := filepath.Join(filepath.Dir(beside), e.Name())
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if flock(f) == nil && isAt(f, path) {
			faults = append(faults, os.RemoveAll(path))
		}
		f.Close()
	}
	return errors.Join(faults...)
}

func tempPrefix(beside string) string { return "." + filepath.Base(beside) + "-" }

// flock locks an open folder for this process, at once or not at all.
func flock(f *os.File) error {
	for {
		if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

// isAt reports whether an open folder is still the one at path.
func isAt(f *os.File, path string) bool {
	a, err := f.Stat()
	if err != nil {
		return false
	}
	b, err := os.Lstat(path)
	return err == nil && os.SameFile(a, b)
}
