package main

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"metaplast/data/npz"
)

// file is one of a folder that is written whole: a text, or else the arrays of an archive.
type file struct {
	name   string
	text   []byte
	arrays []npz.Named
}

// writeFolder makes a folder of files under a temporary name beside it and gives it its name at
// the end, so that it is there with all of them or not at all. An empty folder of that name is
// replaced.
func writeFolder(dir string, files []file) (err error) {
	temp, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+"-")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(temp))
		}
	}()
	for _, f := range files {
		if err := f.write(filepath.Join(temp, f.name)); err != nil {
			return err
		}
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) { // fails unless empty
		return err
	}
	return os.Rename(temp, dir)
}

func (f file) write(path string) (err error) {
	if f.arrays == nil {
		return os.WriteFile(path, f.text, 0o644)
	}
	w, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	b := bufio.NewWriterSize(w, 1<<16)
	if err := npz.Write(b, f.arrays); err != nil {
		return err
	}
	return b.Flush()
}
