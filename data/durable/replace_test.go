package durable

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// previousOf is where the former file is kept.
func previousOf(path string) string { return path + ".prev" }

func put(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "c.npz")
	for i, text := range []string{"one", "two", "three"} {
		if err := Replace(path, previousOf(path), put(text)); err != nil {
			t.Fatal(err)
		}
		if got := string(read(t, path)); got != text {
			t.Errorf("%q, want %q", got, text)
		}
		if i > 0 && string(read(t, previousOf(path))) != []string{"one", "two"}[i-1] {
			t.Errorf("previous is %q", read(t, previousOf(path)))
		}
	}
	// A write that fails half way changes nothing and leaves nothing behind.
	err := Replace(path, previousOf(path), func(w io.Writer) error {
		io.WriteString(w, "fo")
		return errFull
	})
	if !errors.Is(err, errFull) || string(read(t, path)) != "three" || string(read(t, previousOf(path))) != "two" {
		t.Errorf("%v, now %q", err, read(t, path))
	}
	if got := names(t, dir); !slices.Equal(got, []string{"c.npz", "c.npz.prev"}) {
		t.Errorf("left behind: %q", got)
	}
	// Killed between the link and the renames, and while writing: both are cleared away, but
	// not files that only look alike.
	if err := os.Link(path, filepath.Join(dir, ".c.npz0")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, ".c.npz123456"), []byte("half"))
	write(t, filepath.Join(dir, ".c.npz12a"), nil)
	write(t, filepath.Join(dir, ".c.npz"), nil)
	if err := Replace(path, previousOf(path), put("four")); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{".c.npz", ".c.npz12a", "c.npz", "c.npz.prev"}) {
		t.Errorf("after a death: %q", got)
	}
	// Killed between the two renames: both names are one file.
	os.Remove(previousOf(path))
	if err := os.Link(path, previousOf(path)); err != nil {
		t.Fatal(err)
	}
	if err := Replace(path, previousOf(path), put("five")); err != nil {
		t.Fatal(err)
	}
	if string(read(t, path)) != "five" || string(read(t, previousOf(path))) != "four" || len(names(t, dir)) != 4 {
		t.Errorf("%q after %q, %q", read(t, path), read(t, previousOf(path)), names(t, dir))
	}
}

func TestReplaceFails(t *testing.T) {
	if err := Replace(filepath.Join(t.TempDir(), "none", "c.npz"), "", put("x")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no such folder: %v", err)
	}
	// A folder in the way of the last rename.
	dir := t.TempDir()
	path := filepath.Join(dir, "c.npz")
	if err := os.MkdirAll(filepath.Join(path, "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := Replace(path, previousOf(path), put("x")); err == nil {
		t.Error("a folder was replaced")
	}
	if got := names(t, dir); !slices.Equal(got, []string{"c.npz"}) {
		t.Errorf("left behind: %q", got)
	}
}
