package cli

import (
	"bytes"
	"io"
	"metaplast/cmd/metaplast/progress"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/urfave/cli/v2"
)

// TestProgressFlags: whatever can take seconds has --quiet, -q and --json.
func TestProgressFlags(t *testing.T) {
	app := newApp(&ui{out: io.Discard, err: io.Discard})
	for _, name := range []string{"train", "eval", "compare", "export", "study", "report", "check", "bench"} {
		c := app.Command(name)
		for _, flag := range []string{"quiet", "q", "json"} {
			if !slices.ContainsFunc(c.Flags, func(f cli.Flag) bool { return slices.Contains(f.Names(), flag) }) {
				t.Errorf("%s has no flag %s", name, flag)
			}
		}
	}
}

// TestProgressReaches: every piece of work tells how far it is, up to its end.
func TestProgressReaches(t *testing.T) {
	run := filepath.Join(t.TempDir(), "run")
	printed(t, "train", "glyphs-quick", "--quiet", "--out", run, "--set", "meta.steps=1", "--set", "eval.episodes=2",
		"--set", "network.conv=[{channels: 4, kernel: 3, stride: 4, pad: 1}]", "--set", "network.hidden=[8]", "--set", "network.frozen=1",
		"--set", "task.outputs=8")
	defer func(first, every time.Duration) { progress.FirstLine, progress.LineEvery = first, every }(progress.FirstLine, progress.LineEvery)
	progress.FirstLine, progress.LineEvery = 0, 0
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"eval", run}, []string{"episode 4/4"}},
		{[]string{"eval", run, "--matrix"}, []string{"episode 2/2"}},
		{[]string{"eval", run, "--trajectory", "2:3", "--runs", "2", "--tune-inner-lr"}, []string{"tuning stream of 2 classes 2/2", "tuning stream of 3 classes 2/2",
			": stream of 2 classes 4/4", ": stream of 3 classes 4/4"}},
		{[]string{"compare", run}, []string{"episode 2/2"}},
		{[]string{"export", run, "--episodes", "3"}, []string{"episode 3/3"}},
		{[]string{"report", run}, []string{"episode 4/4", "analysed episode 2/2", "confused episode 2/2"}},
		{[]string{"bench", "sine-quick", "--set", "network.hidden=[4]", "--repeat", "2"}, []string{"meta-step 2/2"}},
		{[]string{"check", "oja"}, []string{"combination 140/140"}},
	} {
		var out, stderr bytes.Buffer
		if code := (&ui{out: &out, err: &stderr}).run(append([]string{"metaplast"}, c.args...)); code != exitOK {
			t.Errorf("%v: exit code %d: %s", c.args, code, stderr.String())
		}
		for _, want := range c.want {
			if !strings.Contains(stderr.String(), want) {
				t.Errorf("%v: no %q in\n%s", c.args, want, stderr.String())
			}
		}
		stderr.Reset()
		if c.args[0] == "export" {
			continue // which is there now
		}
		if (&ui{out: &out, err: &stderr}).run(append([]string{"metaplast"}, append(c.args, "-q")...)); stderr.Len() > 0 {
			t.Errorf("%v -q: %s", c.args, stderr.String())
		}
	}
}
