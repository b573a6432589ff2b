package main

import (
	"io"
	"strings"
	"testing"
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
		"train a --set":                      "train --set -- a",
		"train a -":                          "train -- a -",
		"train a --unknown b":                "train --unknown -- a b",
		"eval a --episodes -3":               "eval --episodes -3 -- a",
		"--help train a --quiet":             "--help train a --quiet",
		"nothing a --quiet":                  "nothing a --quiet",
		"check a --generate-bash-completion": "check a --generate-bash-completion",
		"":                                   "",
	} {
		have := strings.Join(reorder(app, append([]string{"metaplast"}, strings.Fields(in)...))[1:], " ")
		if have != want {
			t.Errorf("%q: have %q, want %q", in, have, want)
		}
	}
}
