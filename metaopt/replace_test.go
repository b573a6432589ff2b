package metaopt

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func put(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

func names(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "c.npz")
	for i, text := range []string{"one", "two", "three"} {
		if err := replace(path, true, put(text)); err != nil {
			t.Fatal(err)
		}
		if got := string(read(t, path)); got != text {
			t.Errorf("%q, want %q", got, text)
		}
		if i > 0 && string(read(t, PreviousPath(path))) != []string{"one", "two"}[i-1] {
			t.Errorf("previous is %q", read(t, PreviousPath(path)))
		}
	}
	// A write that fails half way changes nothing and leaves nothing behind.
	err := replace(path, true, func(w io.Writer) error {
		io.WriteString(w, "fo")
		return errFull
	})
	if !errors.Is(err, errFull) || string(read(t, path)) != "three" || string(read(t, PreviousPath(path))) != "two" {
		t.Errorf("%v, now %q", err, read(t, path))
	}
	if got := names(t, dir); !slices.Equal(got, []string{"c.npz", "c.prev.npz"}) {
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
	if err := replace(path, true, put("four")); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{".c.npz", ".c.npz12a", "c.npz", "c.prev.npz"}) {
		t.Errorf("after a death: %q", got)
	}
	// Killed between the two renames: both names are one file.
	os.Remove(PreviousPath(path))
	if err := os.Link(path, PreviousPath(path)); err != nil {
		t.Fatal(err)
	}
	if err := replace(path, true, put("five")); err != nil {
		t.Fatal(err)
	}
	if string(read(t, path)) != "five" || string(read(t, PreviousPath(path))) != "four" || len(names(t, dir)) != 4 {
		t.Errorf("%q after %q, %q", read(t, path), read(t, PreviousPath(path)), names(t, dir))
	}
}

func TestReplaceFails(t *testing.T) {
	if err := replace(filepath.Join(t.TempDir(), "none", "c.npz"), true, put("x")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no such folder: %v", err)
	}
	// A folder in the way of the last rename.
	dir := t.TempDir()
	path := filepath.Join(dir, "c.npz")
	if err := os.MkdirAll(filepath.Join(path, "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := replace(path, true, put("x")); err == nil {
		t.Error("a folder was replaced")
	}
	if got := names(t, dir); !slices.Equal(got, []string{"c.npz"}) {
		t.Errorf("left behind: %q", got)
	}
}
