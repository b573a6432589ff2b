package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"metaplast/data/npz"
)

// flagForce is the flag of commands that write an outFolder.
func flagForce(kind string) cli.Flag {
	return &cli.BoolFlag{DisableDefaultText: true, Name: "force",
		Usage: "replace the folder of the " + kind + " that is there, with all its files; the old one stays until the new one is complete"}
}

// outFolder is a folder that a command writes whole, or not at all.
type outFolder struct {
	dir   string
	kind  string   // what people call it
	mark  string   // the file that tells that a folder is one
	own   []string // a folder with nothing but these is replaced without being asked; nil is none
	force bool     // replace one with other files too
}

// usable checks that the folder can be made, is empty, or can be replaced. With force it can be
// where it has the mark; but a folder in it that is not its own, or a run or study, is never given up.
func (o outFolder) usable() error {
	entries, err := os.ReadDir(o.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	marked, other, kept := false, "", ""
	for _, e := range entries {
		name := e.Name()
		marked = marked || name == o.mark
		own := slices.Contains(o.own, name)
		if !own && other == "" {
			other = name
		}
		if kept == "" && !own && (e.IsDir() || name == "config.yaml" || name == "checkpoint.npz" || name == studyFile) {
			kept = name
		}
	}
	switch {
	case other == "":
		return nil
	case !marked:
		return fmt.Errorf("%s is not empty (%s) and holds something else than %s %s, which is all that --force replaces; choose another folder with --out", o.dir, other, article(o.kind), o.kind)
	case kept != "":
		return fmt.Errorf("%s holds something else than %s %s (%s), which --force does not replace; choose another folder with --out", o.dir, article(o.kind), o.kind, kept)
	case !o.force && o.own == nil:
		return fmt.Errorf("%s is not empty (%s); choose another folder with --out, or replace the %s that is there with --force", o.dir, other, o.kind)
	case !o.force:
		return fmt.Errorf("%s holds something else than %s %s (%s); choose another folder with --out, or replace all that is there with --force", o.dir, article(o.kind), o.kind, other)
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
func (o outFolder) place() (string, error) {
	dir, err := filepath.Abs(o.dir)
	if err != nil {
		return "", err
	}
	if to, err := filepath.EvalSymlinks(dir); err == nil {
		dir = to
	}
	return dir, nil
}

// sweep removes what deaths in the middle of write left behind.
func (o outFolder) sweep() error {
	dir, err := o.place()
	if err != nil {
		return err
	}
	return sweepTemps(dir)
}

// write makes the folder under a temporary name beside it and gives it its name at the end, so
// that it is there with all its files or not at all. What was there, and can still be replaced, stays
// until then.
func (o outFolder) write(files []file) (err error) {
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
		if err := f.write(filepath.Join(temp, filepath.FromSlash(f.name))); err != nil {
			return err
		}
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	if err := o.usable(); err != nil { // something may have been put there since
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

// file is one of a folder that is written whole: a text, or else the arrays of an archive. Its
// name may have slashes.
type file struct {
	name   string
	text   []byte
	arrays []npz.Named
}

func (f file) write(path string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
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
