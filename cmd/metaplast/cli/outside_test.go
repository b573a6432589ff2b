package cli

import (
	"errors"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// What others write with the project's packages is tested as they have it: testdata/outside is a
// module of its own, and docs/your-own-rule.md is followed to the letter.

// inFolder runs a command and returns what it prints. Go is not to look for anything in the network:
// a module of others' needs no more than the project itself.
func inFolder(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "GOPROXY=off", "GOWORK=off", "PWD="+dir)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("in %s: %s %s: %v\n%s\nWhere that is about go.mod or go.sum: make outside", dir, name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// inOutside is the code of a page as the module of others has it: there the rule is a package of the module,
// on the page it is the module itself.
func inOutside(code string) string {
	return strings.ReplaceAll(code, `"example.org/outstar"`, `"example.org/outside/outstar"`)
}

// TestOutside vets and tests the module of others.
func TestOutside(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(root(t), "testdata", "outside")
	packages := 0
	// The files are read for go test to know that this test depends on them.
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if strings.HasSuffix(path, "_test.go") {
			packages++
		}
		_, err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	inFolder(t, dir, "go", "vet", "./...")
	out := inFolder(t, dir, "go", "test", "-count=1", "./...") // the cache does not see the choice of kernels
	if ok := strings.Count(out, "ok  \texample.org/outside/"); ok < 3 || ok != packages {
		t.Errorf("%d packages passed of %d with tests, want all of them and at least 3:\n%s", ok, packages, out)
	}
}

// TestOwnRule does what docs/your-own-rule.md says in an empty folder: makes its files and runs its
// commands.
func TestOwnRule(t *testing.T) {
	t.Parallel()
	name := filepath.Join("docs", "your-own-rule.md")
	text := page(t, name)
	above := t.TempDir()
	if err := os.Symlink(root(t), filepath.Join(above, "metaplast")); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(above, "outstar")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`\[([\w/]+\.go)\]\((\.\./testdata/outside/[^)]*\.go)\)`)
	files := 0
	for _, at := range regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatchIndex(text, -1) {
		code := text[at[2]:at[3]]
		if !regexp.MustCompile(`(?m)^package `).MatchString(code) {
			continue // a part of a file
		}
		links := link.FindAllStringSubmatch(text[:at[0]], -1)
		if len(links) == 0 {
			t.Fatalf("%s: a file without its name and a link to it:\n%s", name, code)
		}
		file, source := links[len(links)-1][1], filepath.Join(filepath.Dir(name), links[len(links)-1][2])
		if want := page(t, source); inOutside(code) != want {
			t.Errorf("%s: %s is not %s, which is\n%s", name, file, source, want)
		}
		if err := errors.Join(os.MkdirAll(filepath.Dir(filepath.Join(dir, file)), 0o755), os.WriteFile(filepath.Join(dir, file), []byte(code), 0o644)); err != nil {
			t.Fatal(err)
		}
		files++
	}
	commands := regexp.MustCompile("(?s)```bash\n(.*?)```").FindAllStringSubmatch(text, -1)
	if files != 5 || len(commands) != 2 {
		t.Fatalf("%s: %d files and %d blocks of commands: want two rules, their tests and a program, and two blocks", name, files, len(commands))
	}
	out := inFolder(t, dir, "sh", "-e", "-c", commands[0][1])
	if !regexp.MustCompile(`(?m)^ok\s+example.org/outstar\b`).MatchString(out) {
		t.Errorf("%s: its commands print\n%s\nwant a test that passed", name, out)
	}
	out = inFolder(t, dir, "sh", "-e", "-c", commands[1][1])
	for _, want := range []string{"140 of 140 passed", "learning curve: runs/outstar/"} {
		if !strings.Contains(out, want) {
			t.Errorf("%s: its program prints\n%s\nwant %q", name, out, want)
		}
	}
}

// linesOfCode counts the lines of a file that hold code, without the package clause and imports.
func linesOfCode(t *testing.T, name string) int {
	t.Helper()
	text := []byte(page(t, name))
	set := token.NewFileSet()
	head, err := parser.ParseFile(set, name, text, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	from := set.Position(head.Name.End()).Line
	for _, d := range head.Decls {
		from = set.Position(d.End()).Line
	}
	file := token.NewFileSet().AddFile(name, -1, len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, 0)
	lines := map[int]bool{}
	for {
		at, tok, literal := s.Scan()
		if tok == token.EOF {
			break
		}
		if tok == token.SEMICOLON && literal == "\n" {
			continue // put in by the scanner
		}
		for l := range strings.Count(literal, "\n") + 1 {
			lines[file.Line(at)+l] = true
		}
	}
	n := 0
	for l := range lines {
		if l > from {
			n++
		}
	}
	return n
}

// TestLibraryLines compares the table of docs/library.md with the module of others: each folder is
// there, with the lines of code that it takes, and these are few.
func TestLibraryLines(t *testing.T) {
	most := map[string]int{"outstar": 30, "leak": 30, "harden": 40, "stairs": 200, "cues": 60, "worst": 60, "clamped": 60, "broadcast": 40, "softplus": 60, "episode": 40, "metatrain": 40, "rmsprop": 60, "antithetic": 70, "command": 40}
	folders, err := filepath.Glob(filepath.Join(root(t), "testdata", "outside", "*", "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join("docs", "library.md")
	rows := regexp.MustCompile(`(?m)^\| .* \| \[(\w+)\]\(\.\./(testdata/outside/\w+/\w+\.go)\) \| (\d+) \|`).FindAllStringSubmatch(page(t, name), -1)
	if len(rows) != len(most) || len(rows) != len(folders) {
		t.Errorf("%s: %d rows for %d folders, of which %d have a bound", name, len(rows), len(folders), len(most))
	}
	for _, r := range rows {
		lines, err := strconv.Atoi(r[3])
		if have := linesOfCode(t, r[2]); err != nil || have != lines || have > most[r[1]] {
			t.Errorf("%s: %s: %s lines: it has %d, and at most %d are wanted", name, r[1], r[3], have, most[r[1]])
		}
	}
}
