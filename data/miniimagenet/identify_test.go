package miniimagenet

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"metaplast/data"
)

// The identity is that of the content, wherever it lies: another image, row or class is another one.
func TestIdentity(t *testing.T) {
	dir := tiny(t)
	of := func(dir string) data.Origin { return *mustLoad(t, Config{Dir: dir, Size: 12}).Origin() }
	here := of(dir)
	if here.Dir != dir || here.Name != Name || here.Classes != 10 || here.Drawings != 60 || here.Archives != "" {
		t.Errorf("%+v", here)
	}
	moved := filepath.Join(t.TempDir(), "moved")
	if err := os.CopyFS(moved, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if there := of(moved); !there.Same(here.Identity) {
		t.Errorf("%+v in another folder, want %+v", there, here)
	}
	edit := func(name string, change func([]byte) []byte) {
		t.Helper()
		path := filepath.Join(moved, name)
		old, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, change(bytes.Clone(old)), 0o644); err != nil {
			t.Fatal(err)
		}
		if of(moved).Same(here.Identity) {
			t.Errorf("with another %s it is the same data set", name)
		}
		if err := os.WriteFile(path, old, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	edit("images/n03_1.jpg", func(b []byte) []byte { b[len(b)/2]++; return b })
	edit("images/n03_1.jpg", func(b []byte) []byte { return append(b, 0) })
	edit("val.csv", func(b []byte) []byte { return []byte(strings.ReplaceAll(string(b), ",n05", ",n99")) })
	edit("val.csv", func(b []byte) []byte {
		return []byte(strings.NewReplacer("n05_1.jpg", "n05_2.png", "n05_2.png", "n05_1.jpg").Replace(string(b)))
	})
}

// Of many images some are read, and the sizes of all.
func TestIdentityOfMany(t *testing.T) {
	dir := t.TempDir()
	var files []imageFile
	for i := range 3 * read {
		path := filepath.Join(dir, string(rune('a'+i%26))+strings.Repeat("x", i/26))
		if err := os.WriteFile(path, []byte{byte(i), 1}, 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, imageFile{path, 2})
	}
	sum := func() string {
		t.Helper()
		s, err := identify(t.Context(), []data.Class{{Name: "a", Drawings: len(files)}}, [][]imageFile{files})
		if err != nil {
			t.Fatal(err)
		}
		return string(s)
	}
	first := sum()
	files[1].size++
	if sum() == first {
		t.Error("a file of another size makes no difference")
	}
	files[1].size--
	if err := os.WriteFile(files[3].path, []byte{9, 9}, 0o644); err != nil {
		t.Fatal(err)
	}
	if sum() == first {
		t.Error("other bytes of a file that is read make no difference")
	}
}
