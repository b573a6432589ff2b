package cli

import (
	"bytes"
	"io"
	"metaplast/cmd/metaplast/argv"
	"os"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

func TestReorder(t *testing.T) {
	app := newApp(&ui{out: io.Discard, err: io.Discard})
	for in, want := range map[string]string{
		"train sine-quick --workers 2":       "train --workers 2 -- sine-quick",
		"train --workers 2 sine-quick":       "train --workers 2 -- sine-quick",
		"train a --set=x=1 --set y=2 -q b":   "train --set=x=1 --set y=2 -q -- a b",
		"train --quiet a":                    "train --quiet -- a",
		"train -- --set a":                   "train -- --set a",
		"train a -- --json":                  "train -- a --json",
		"train a -":                          "train -- a -",
		"train a --out=--quiet":              "train --out=--quiet -- a",
		"train a --out -x":                   "train --out -x -- a",
		"train a --unknown b":                "train --unknown -- a b",
		"eval a --episodes -3":               "eval --episodes -3 -- a",
		"--help train a --quiet":             "--help train a --quiet",
		"nothing a --quiet":                  "nothing a --quiet",
		"check a --generate-bash-completion": "check a --generate-bash-completion",
		"":                                   "",
	} {
		args, err := argv.Reorder(app, "metaplast", append([]string{"metaplast"}, strings.Fields(in)...))
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if have := strings.Join(args[1:], " "); have != want {
			t.Errorf("%q: have %q, want %q", in, have, want)
		}
	}
}

// TestFlagWithoutValue leaves out the value of every flag that wants one, of every command: at the
// end, before "--" and before another flag. Nothing may be written.
func TestFlagWithoutValue(t *testing.T) {
	t.Chdir(t.TempDir())
	count := 0
	var each func(list []*cli.Command, before []string)
	each = func(list []*cli.Command, before []string) {
		for _, c := range list {
			words := append(before[:len(before):len(before)], c.Name)
			each(c.Subcommands, words)
			for _, f := range c.Flags {
				if !argv.TakesValue(f) {
					continue
				}
				for _, name := range f.Names() {
					name = "--" + name
					for _, tail := range [][]string{{"sine-quick", name}, {name}, {name, "--", "sine-quick"}, {name, "--help"}, {"sine-quick", name, name, "x"}} {
						count++
						var out, err bytes.Buffer
						u := &ui{out: &out, err: &err}
						code := u.run(append(append([]string{"metaplast"}, words...), tail...))
						if want := name + " wants a value, and has none"; code != exitUsage || out.Len() > 0 || !strings.Contains(err.String(), want) {
							t.Errorf("%q: exit code %d, stdout %q, stderr %q; want code 2 and %q", append(words, tail...), code, out.String(), err.String(), want)
						}
					}
				}
			}
		}
	}
	each(newApp(&ui{out: io.Discard, err: io.Discard}).Commands, nil)
	if count < 200 {
		t.Errorf("%d cases: want at least 200", count)
	}
	if left, err := os.ReadDir("."); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
