package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestFuzzTargets asks that make fuzz runs every fuzz target of the tree, and none that is gone, and that
// it does not spend its time on making inputs shorter.
func TestFuzzTargets(t *testing.T) {
	project := root(t)
	target := regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	var want []string
	err := filepath.WalkDir(project, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != project && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		folder, _ := filepath.Rel(project, filepath.Dir(path))
		for _, m := range target.FindAllSubmatch(text, -1) {
			want = append(want, string(m[1])+" ./"+filepath.ToSlash(folder))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, m := range regexp.MustCompile(`(?m)^\t\$\(GO\) test .*-fuzz '\^(\w+)\$\$' .*(\./\S+)$`).FindAllStringSubmatch(page(t, "Makefile"), -1) {
		have = append(have, m[1]+" "+m[2])
		if !strings.Contains(m[0], " -fuzzminimizetime 10x ") {
			t.Errorf("%s makes inputs shorter for up to a minute each, and then nothing is tried:\n%s", m[1], m[0])
		}
	}
	slices.Sort(want)
	slices.Sort(have)
	if len(want) == 0 || !slices.Equal(have, want) {
		t.Errorf("make fuzz runs\n\t%s\nwant\n\t%s", strings.Join(have, "\n\t"), strings.Join(want, "\n\t"))
	}
}
