package outfolder

import (
	"os"
	"path/filepath"
	"testing"

	"metaplast/data/npz"
)

const exportFile = "export.json"

// exported is a folder that is replaced only where that is asked for.
func exported(dir string, force bool) Folder {
	return Folder{Dir: dir, Kind: "export", Mark: exportFile, Keep: []string{"config.yaml"}, Force: force}
}

// listed are the names in a folder.
func listed(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestFolderKeepsTheOld asks that a folder stays as it is when the new one cannot be completed, or
// may no longer take its place, and that nothing is left beside it.
func TestFolderKeepsTheOld(t *testing.T) {
	parent := t.TempDir()
	out := exported(filepath.Join(parent, "export"), true)
	text := func(s string) []File { return []File{{Name: exportFile, Text: []byte(s)}} }
	holds := func(want string) {
		t.Helper()
		have, err := os.ReadFile(filepath.Join(out.Dir, exportFile))
		if err != nil || string(have) != want {
			t.Errorf("%q, %v: want %q", have, err, want)
		}
		if names := listed(t, parent); len(names) != 1 {
			t.Errorf("beside the folder: %v", names)
		}
	}
	if err := out.Write(text("first")); err != nil {
		t.Fatal(err)
	}
	holds("first")
	broken := []npz.Named{{Name: "x", Array: npz.Array{Shape: []int{2}, Data: []float64{1}}}}
	if err := out.Write(append(text("second"), File{Name: "x.npz", Arrays: broken})); err == nil {
		t.Error("an array with too few values was written")
	}
	holds("first")
	late := exported(out.Dir, false)
	if err := late.Write(text("second")); err == nil {
		t.Error("an export that is there was replaced without --force")
	}
	holds("first")
	if err := out.Write(text("second")); err != nil {
		t.Fatal(err)
	}
	holds("second")
}

// TestExchangeByRenames asks for what exchange does in one step elsewhere, and that the second folder is
// put back where the first is not there.
func TestExchangeByRenames(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	for _, d := range []string{a, b} {
		if err := os.MkdirAll(filepath.Join(d, "was-"+filepath.Base(d)), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := exchangeByRenames(a, b); err != nil {
		t.Fatal(err)
	}
	if x, y := listed(t, a), listed(t, b); len(x) != 1 || x[0] != "was-b" || len(y) != 1 || y[0] != "was-a" {
		t.Errorf("a has %v, b has %v: want them swapped", x, y)
	}
	if err := os.RemoveAll(a); err != nil {
		t.Fatal(err)
	}
	if err := exchangeByRenames(a, b); err == nil {
		t.Error("a folder that is not there was swapped")
	}
	if x := listed(t, b); len(x) != 1 || x[0] != "was-a" {
		t.Errorf("b has %v: want what it had", x)
	}
}
