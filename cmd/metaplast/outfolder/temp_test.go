package outfolder

import (
	"os"
	"path/filepath"
	"testing"
)

// TestFolderSweeps: what a dead process left beside a folder is removed, what a living one fills is not, nor
// anything that has another name.
func TestFolderSweeps(t *testing.T) {
	parent := t.TempDir()
	out := exported(filepath.Join(parent, "export"), true)
	living, err := makeTemp(out.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{".export-123", ".export-4/figures", ".export-old", ".export-5-old", ".report-6", "export-7"} {
		if err := os.MkdirAll(filepath.Join(parent, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{".export-4/figures/x.png", ".export-8"} {
		if err := os.WriteFile(filepath.Join(parent, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	left := map[string]bool{".export-old": true, ".export-5-old": true, ".report-6": true, "export-7": true, ".export-8": true, filepath.Base(living.path): true}
	check := func() {
		t.Helper()
		names := listed(t, parent)
		for _, name := range names {
			if !left[name] {
				t.Errorf("%s is still there", name)
			}
		}
		if len(names) != len(left) {
			t.Errorf("%v are there, want %v", names, left)
		}
	}
	if err := out.Sweep(); err != nil {
		t.Fatal(err)
	}
	check()
	living.lock.Close() // as the death of its process does
	delete(left, filepath.Base(living.path))
	if err := out.Sweep(); err != nil {
		t.Fatal(err)
	}
	check()

	// A folder that has taken its place is not locked any more, and leaves nothing.
	if err := out.Write([]File{{Name: exportFile, Text: []byte("x")}}); err != nil {
		t.Fatal(err)
	}
	left["export"] = true
	check()
	if err := exported(filepath.Join(parent, "nowhere", "export"), true).Sweep(); err != nil {
		t.Error(err)
	}
}
