package cli

import (
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/pages"
	"metaplast/metaopt/config"
	"metaplast/rules"
)

// What the pages under docs/ show is tested. A block that begins with
//
//	```sh       is run, all pages in one folder, the README first
//	```sh long  trains for long: its commands and flags are checked, and the text before the
//	            block must say how long it takes
//	```go       must be in the file that the page's last link to a .go file before it names
//
// and links to files of the project must lead somewhere.

// root is the project's folder.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// page reads a page.
func page(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// pageNames are all of them, the README first.
func pageNames(t *testing.T) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(root(t), "docs", "*.md"))
	if err != nil || len(list) < 6 {
		t.Fatalf("%d pages in docs, %v: want at least 6", len(list), err)
	}
	names := []string{"README.md", "CONTRIBUTING.md"}
	for _, l := range list {
		names = append(names, filepath.Join("docs", filepath.Base(l)))
	}
	return names
}

// command is one of a page's, without the name of the program.
type command struct {
	args string
	long bool
	text string // what stands before its block
}

var shellBlock = regexp.MustCompile("(?s)```sh( long)?\n(.*?)```")

// commandsIn returns the commands of a page.
func commandsIn(t *testing.T, name, text string) []command {
	t.Helper()
	var list []command
	for _, at := range shellBlock.FindAllStringSubmatchIndex(text, -1) {
		for line := range strings.Lines(text[at[4]:at[5]]) {
			line = strings.TrimSpace(line)
			args, ok := strings.CutPrefix(line, "bin/metaplast ")
			if !ok {
				t.Fatalf("%s: %q: want a command of bin/metaplast", name, line)
			}
			before := strings.TrimSpace(text[:at[0]])
			list = append(list, command{args, at[2] >= 0, before[strings.LastIndex(before, "\n\n")+1:]})
		}
	}
	return list
}

// runPage runs commands in one folder, and then a script.
func runPage(t *testing.T, commands []command, then string) {
	t.Helper()
	var script strings.Builder
	for _, c := range commands {
		if !c.long {
			script.WriteString("exec metaplast " + c.args + "\n")
		}
	}
	script.WriteString(then)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "page.txtar"), []byte(script.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	project := root(t)
	testscript.Run(t, testscript.Params{Dir: dir, Setup: func(e *testscript.Env) error {
		arithmetic(e)
		for _, part := range []string{"testdata", "docs"} {
			if err := os.Symlink(filepath.Join(project, part), filepath.Join(e.WorkDir, part)); err != nil {
				return err
			}
		}
		return os.Mkdir(filepath.Join(e.WorkDir, "runs"), 0o755)
	}})
}

// TestDocsPicture asks that the picture of an episode is what the command beside it draws. Where
// the graph has changed, copy runs/episode.svg of that command to docs.
func TestDocsPicture(t *testing.T) {
	t.Parallel()
	commands := commandsIn(t, "docs/meta-training.md", page(t, "docs/meta-training.md"))
	i := slices.IndexFunc(commands, func(c command) bool { return strings.HasSuffix(c.args, " --out runs/episode") })
	if i < 0 {
		t.Fatal("docs/meta-training.md: no command with --out runs/episode")
	}
	runPage(t, commands[i:i+1], "cmp runs/episode.svg docs/episode.svg\n")
}

// TestDocs runs the commands of all pages, those of the README first, in one folder, as a reader does who
// follows one page after the other.
func TestDocs(t *testing.T) {
	t.Parallel()
	var commands []command
	for _, name := range pageNames(t) {
		list := commandsIn(t, name, page(t, name))
		if name == "README.md" && len(list) < 8 {
			t.Fatalf("%d commands in the README: want at least 8", len(list))
		}
		commands = append(commands, list...)
	}
	// It takes a minute, and TestReadmeChecks has its count; other pages have checks of single rules.
	commands = slices.DeleteFunc(commands, func(c command) bool { return c.args == "check" })
	runPage(t, commands, "")
}

// TestDocsOut asks that no two commands of all pages write to the same --out, so that a reader can
// follow one page after the other in one folder.
func TestDocsOut(t *testing.T) {
	out := regexp.MustCompile(`--out (\S+)`)
	by := map[string]string{}
	for _, name := range pageNames(t) {
		for _, c := range commandsIn(t, name, page(t, name)) {
			m := out.FindStringSubmatch(c.args)
			if m == nil {
				continue
			}
			if first, taken := by[m[1]]; taken {
				t.Errorf("%s: %s: the folder is written by a command of %s already", name, c.args, first)
			}
			by[m[1]] = name
		}
	}
	if len(by) < 10 {
		t.Errorf("%d commands with --out in all pages: want at least 10", len(by))
	}
}

// TestDocsLong checks the commands that are not run: that they exist, with those flags, and
// that the reader is told what they cost.
func TestDocsLong(t *testing.T) {
	duration := regexp.MustCompile(`second|minute|hour|day`)
	app := newApp(&ui{out: io.Discard, err: io.Discard})
	for _, name := range pageNames(t) {
		for _, c := range commandsIn(t, name, page(t, name)) {
			if !c.long {
				continue
			}
			if !duration.MatchString(c.text) {
				t.Errorf("%s: %s: the text before it does not say how long it takes: %q", name, c.args, c.text)
			}
			words := strings.Fields(c.args)
			at := app.Command(words[0])
			if at == nil {
				t.Errorf("%s: %s: no such command", name, c.args)
				continue
			}
			for _, w := range words[1:] {
				flag, isFlag := strings.CutPrefix(w, "--")
				flag, _, _ = strings.Cut(flag, "=")
				if isFlag && !hasFlag(at.Flags, flag) {
					t.Errorf("%s: %s: no flag --%s", name, c.args, flag)
				}
			}
		}
	}
}

func hasFlag(flags []cli.Flag, name string) bool {
	for _, f := range flags {
		for _, n := range f.Names() {
			if n == name {
				return true
			}
		}
	}
	return false
}

// TestDocsGo asks that Go code in a page is code that is compiled and tested.
func TestDocsGo(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#]*\.go)\)`)
	found := 0
	for _, name := range pageNames(t) {
		text := page(t, name)
		for _, at := range regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatchIndex(text, -1) {
			found++
			links := link.FindAllStringSubmatch(text[:at[0]], -1)
			if len(links) == 0 {
				t.Errorf("%s: Go code without a link to the file that it is in", name)
				continue
			}
			file := filepath.Join(filepath.Dir(name), links[len(links)-1][1])
			if code := inOutside(strings.TrimSpace(text[at[2]:at[3]])); !strings.Contains(page(t, file), code) {
				t.Errorf("%s: this is not in %s:\n%s", name, file, code)
			}
		}
	}
	if found < 3 {
		t.Errorf("%d blocks of Go in all pages: want at least 3", found)
	}
}

// TestDocsLinks asks that links inside the project lead to something. In code, [T](x) is none.
func TestDocsLinks(t *testing.T) {
	code := regexp.MustCompile("(?s)```.*?```")
	for _, name := range pageNames(t) {
		text := code.ReplaceAllString(page(t, name), "")
		for _, m := range regexp.MustCompile(`\]\(([^)\s]+)\)`).FindAllStringSubmatch(text, -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(m[1], "://") {
				continue
			}
			file := name
			if target != "" {
				file = filepath.Join(filepath.Dir(name), target)
			}
			if _, err := os.Stat(filepath.Join(root(t), file)); err != nil {
				t.Errorf("%s: link to %s: %v", name, m[1], err)
				continue
			}
			if anchor != "" && !headings(page(t, file))[anchor] {
				t.Errorf("%s: link to %s: no such heading", name, m[1])
			}
		}
	}
}

// headings are the anchors of a page, as GitHub makes them.
func headings(text string) map[string]bool {
	list := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		anchor := regexp.MustCompile(`[^\p{L}\p{N}\- _]`).ReplaceAllString(strings.ToLower(m[1]), "")
		list[strings.ReplaceAll(anchor, " ", "-")] = true
	}
	return list
}

// TestDocsSettings asks that the tables of docs/settings.md are those of the configuration.
func TestDocsSettings(t *testing.T) {
	settings, err := config.Settings()
	if err != nil {
		t.Fatal(err)
	}
	tables := string(pages.SettingsMarkdown(settings))
	if text := page(t, filepath.Join("docs", "settings.md")); !strings.HasSuffix(text, tables) {
		t.Errorf("docs/settings.md does not end in what metaplast settings --markdown prints; it should end in:\n%s", tables)
	}
}

// TestDocsYAML asks that the configurations that pages show can be read.
func TestDocsYAML(t *testing.T) {
	found := 0
	for _, name := range pageNames(t) {
		for _, m := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(page(t, name), -1) {
			found++
			if _, err := config.Parse(name, []byte(m[1]), nil); err != nil {
				t.Errorf("%v in:\n%s", err, m[1])
			}
		}
	}
	if found < 1 {
		t.Error("no configuration in any page: want one that extends a preset")
	}
}

// ours reports whether an entry is of the project, not one that others have registered.
func ours(v any) bool { return reflect.TypeOf(v).PkgPath() == reflect.TypeFor[rules.Oja]().PkgPath() }

// TestDocsRules asks that the tables of docs/rules.md are those of the registry, where somebody's
// own rules may be registered too. Where the project has a new one, print them with
// metaplast rules --markdown.
func TestDocsRules(t *testing.T) {
	tables := string(pages.Registered(ours).Markdown())
	if text := page(t, filepath.Join("docs", "rules.md")); !strings.HasSuffix(text, tables) {
		t.Errorf("docs/rules.md does not end in what metaplast rules --markdown prints; it should end in:\n%s", tables)
	}
}
