package cli

import (
	"bytes"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/urfave/cli/v2"
)

// TestProgressCount: lines say what is counted, how long each takes and what is left, once some time
// has gone by; another piece of work counts anew.
func TestProgressCount(t *testing.T) {
	var out bytes.Buffer
	p := newCounter(&out, false)
	show := p.count("episode")
	show(1, 40)
	if out.Len() > 0 {
		t.Errorf("at once: %q", out.String())
	}
	p.began = time.Now().Add(-20 * time.Second) // after the first one
	late := func() { p.last = time.Now().Add(-time.Hour) }
	late()
	show(11, 40)
	if want := "metaplast: episode 11/40, 2 s per episode, 58s left\n"; out.String() != want {
		t.Errorf("have %q, want %q", out.String(), want)
	}
	out.Reset()
	late()
	show(10, 40) // told late by another goroutine
	if out.Len() > 0 {
		t.Errorf("back: %q", out.String())
	}
	again := p.count("stream of 5 classes")
	again(1, 10)
	late()
	again(2, 10)
	if have := out.String(); !strings.HasPrefix(have, "metaplast: stream of 5 classes 2/10, ") || !strings.HasSuffix(have, " left\n") {
		t.Errorf("the next piece: %q", have)
	}
	p.close()
	out.Reset()
	quiet := newCounter(&out, true)
	show = quiet.count("episode")
	show(1, 2)
	quiet.last = time.Now().Add(-time.Hour)
	show(2, 2)
	if out.Len() > 0 {
		t.Errorf("quiet: %q", out.String())
	}
}

// TestProgressFirst: the first line comes after two seconds.
func TestProgressFirst(t *testing.T) {
	var out bytes.Buffer
	p := newCounter(&out, false)
	show := p.count("episode")
	show(1, 9)
	p.last = p.last.Add(-firstLine)
	show(2, 9)
	if !strings.Contains(out.String(), "episode 2/9") {
		t.Errorf("after %v: %q", firstLine, out.String())
	}
}

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
	defer func(first, every time.Duration) { firstLine, lineEvery = first, every }(firstLine, lineEvery)
	firstLine, lineEvery = 0, 0
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
		{[]string{"check", "oja"}, []string{"combination 20/20"}},
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
