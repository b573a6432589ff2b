package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestReadme runs every command of the README's shell examples, in its order and one folder.
func TestReadme(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	commands := 0
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(readme), -1) {
		for line := range strings.Lines(block[1]) {
			line = strings.TrimSpace(line)
			rest, ok := strings.CutPrefix(line, "bin/metaplast ")
			if !ok {
				t.Fatalf("README: %q: want a command of bin/metaplast", line)
			}
			script.WriteString("exec metaplast " + rest + "\n")
			commands++
		}
	}
	if commands < 8 {
		t.Fatalf("%d commands in the README: want at least 8", commands)
	}
	script.WriteString("exec metaplast check\nstdout '" + checkSummary(t, string(readme)) + "'\n")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "readme.txtar"), []byte(script.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: dir, Setup: func(e *testscript.Env) error {
		if err := os.Mkdir(filepath.Join(e.WorkDir, "runs"), 0o755); err != nil {
			return err
		}
		return os.Symlink(filepath.Join(root, "testdata"), filepath.Join(e.WorkDir, "testdata"))
	}})
}

// checkSummary is the README's count of passed checks. The errors beside it are those of the
// machine that it was written on.
func checkSummary(t *testing.T, readme string) string {
	t.Helper()
	s := regexp.MustCompile(`\d+ of \d+ passed`).FindString(readme)
	if s == "" {
		t.Fatal("README: no summary of metaplast check")
	}
	return s
}

// TestReadmeRule asks that the README's rule is the one that the tests compile and check.
func TestReadmeRule(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile("../../rules/rulestest/example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, block := range regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(readme), -1) {
		found = true
		if !strings.Contains(string(example), strings.TrimSpace(block[1])) {
			t.Errorf("README: this is not in rules/rulestest/example_test.go:\n%s", block[1])
		}
	}
	if !found {
		t.Error("README: no rule")
	}
}
