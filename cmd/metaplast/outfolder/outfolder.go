// Package outfolder writes a folder of results whole or not at all, and replaces one that is there only as
// its kind allows. What deaths in the middle leave beside it is told from what another process fills, and
// swept.
package outfolder

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"metaplast/data/npz"
)

// Folder is a folder that a command writes whole, or not at all.
type Folder struct {
	Dir   string
	Kind  string   // what people call it
	Mark  string   // the file that tells that a folder is one
	Own   []string // a folder with nothing but these is replaced without being asked; nil is none
	Keep  []string // a folder with one of these is never given up
	Force bool     // replace one with other files too
}

// Usable checks that the folder can be made, is empty, or can be replaced. With force it can be
// where it has the mark; but a folder in it that is not its own, or one of the files to keep, is never given up.
func (o Folder) Usable() error {
	entries, err := os.ReadDir(o.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	marked, other, kept := false, "", ""
	for _, e := range entries {
		name := e.Name()
		marked = marked || name == o.Mark
		own := slices.Contains(o.Own, name)
		if !own && other == "" {
			other = name
		}
		if kept == "" && !own && (e.IsDir() || slices.Contains(o.Keep, name)) {
			kept = name
		}
	}
	switch {
	case other == "":
		return nil
	case !marked:
		return fmt.Errorf("%s is not empty (%s) and holds something else than %s %s, which is all that --force replaces; choose another folder with --out", o.Dir, other, article(o.Kind), o.Kind)
	case kept != "":
		return fmt.Errorf("%s holds something else than %s %s (%s), which --force does not replace; choose another folder with --out", o.Dir, article(o.Kind), o.Kind, kept)
	case !o.Force && o.Own == nil:
		return fmt.Errorf("%s is not empty (%s); choose another folder with --out, or replace the %s that is there with --force", o.Dir, other, o.Kind)
	case !o.Force:
		return fmt.Errorf("%s holds something else than %s %s (%s); choose another folder with --out, or replace all that is there with --force", o.Dir, article(o.Kind), o.Kind, other)
	}
	return nil
}

func article(kind string) string {
	if kind == "export" {
		return "an"
	}
	return "a"
}

// place is where the folder itself is, not a link to it: that is replaced.
func (o Folder) place() (string, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return "", err
	}
	if to, err := filepath.EvalSymlinks(dir); err == nil {
		dir = to
	}
	return dir, nil
}

// Sweep removes what deaths in the middle of write left behind.
func (o Folder) Sweep() error {
	dir, err := o.place()
	if err != nil {
		return err
	}
	return sweepTemps(dir)
}

// Write makes the folder under a temporary name beside it and gives it its name at the end, so
// that it is there with all its files or not at all. What was there, and can still be replaced, stays
// until then.
func (o Folder) Write(files []File) (err error) {
	dir, err := o.place()
	if err != nil {
		return err
	}
	made, err := makeTemp(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, made.remove()) }() // the new one, if unfinished, or the old one
	temp := made.path
	for _, f := range files {
		if err := f.write(filepath.Join(temp, filepath.FromSlash(f.Name))); err != nil {
			return err
		}
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	if err := o.Usable(); err != nil { // something may have been put there since
		return err
	}
	if err := os.Remove(dir); err == nil || errors.Is(err, fs.ErrNotExist) { // fails unless empty
		return os.Rename(temp, dir)
	}
	return exchange(temp, dir)
}

// exchangeByRenames swaps two folders in three steps, where there is no one step: b is away for a moment, and
// is put back when a cannot take its place.
func exchangeByRenames(a, b string) error {
	aside := a + "-old"
	if err := os.Rename(b, aside); err != nil {
		return err
	}
	if err := os.Rename(a, b); err != nil {
		return errors.Join(err, os.Rename(aside, b))
	}
	return os.Rename(aside, a)
}

// File is one of a folder that is written whole: a text, or else the arrays of an archive. Its
// name may have slashes.
type File struct {
	Name   string
	Text   []byte
	Arrays []npz.Named
}

func (f File) write(path string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if f.Arrays == nil {
		return os.WriteFile(path, f.Text, 0o644)
	}
	w, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	b := bufio.NewWriterSize(w, 1<<16)
	if err := npz.Write(b, f.Arrays); err != nil {
		return err
	}
	return b.Flush()
}
