package run

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"metaplast/data/fault"
	"metaplast/metaopt"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/config"
)

// tiny is a run of a second; changes come on top.
func tiny(t *testing.T, sets ...string) *config.Config {
	t.Helper()
	p, err := config.LookupPreset("sine-quick")
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse("tiny", p.Text, append([]string{"task.functions=2", "task.steps=2", "task.batch=2", "task.query=3", "network.hidden=[6,5]",
		"meta.steps=12", "meta.schedule.milestones=[]", "meta.checkpoint_every=5", "eval.every=0", "eval.episodes=4"}, sets...))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// trained takes a run to its end and closes it.
func trained(t *testing.T, r *Run, err error) Result {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Train(t.Context()); err != nil {
		t.Fatal(err)
	}
	res, err := r.Result()
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// sameFiles compares what is a function of the configuration.
func sameFiles(t *testing.T, want, have string) {
	t.Helper()
	for _, name := range []string{"config.yaml", "checkpoint.npz", "metrics.jsonl", "result.json"} {
		a, err1 := os.ReadFile(filepath.Join(want, name))
		b, err2 := os.ReadFile(filepath.Join(have, name))
		if err1 != nil || err2 != nil || string(a) != string(b) {
			t.Errorf("%s: %d bytes and %d differ (%v, %v)", name, len(a), len(b), err1, err2)
		}
	}
}

// TestRunGoesOn: a run that is interrupted and reopened, and one that is extended, have the bytes of one that
// was left alone, for any number of workers, and with or without a clock.
func TestRunGoesOn(t *testing.T) {
	whole, parts, longer := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b"), filepath.Join(t.TempDir(), "c")
	r, err := Create(whole, tiny(t), Options{})
	want := trained(t, r, err)

	ctx, cancel := context.WithCancel(t.Context())
	clock := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	o := Options{Workers: 2, Now: func() time.Time { return clock }, Facts: Facts{Version: "v9"}, Progress: func(p metaopt.Progress) {
		if p.Step == 7 {
			cancel()
		}
	}}
	if r, err = Create(parts, tiny(t), o); err != nil {
		t.Fatal(err)
	}
	if err := r.Train(ctx); !errors.Is(err, metaopt.ErrInterrupted) || r.Finished() || r.Step() < 7 || r.Step() > 8 {
		t.Fatalf("interrupted: %v after %d meta-steps", err, r.Step())
	}
	if err := r.Train(t.Context()); !errors.Is(err, ErrDone) {
		t.Errorf("trained twice: %v", err)
	}
	if _, err := r.Result(); !errors.Is(err, ErrUnfinished) {
		t.Errorf("result of a part: %v", err)
	}
	if _, err := Reopen(parts, Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("reopened while it is open: %v", err)
	}
	r.Close()
	r, err = Reopen(parts, Options{Workers: 3})
	if have := trained(t, r, err); !reflect.DeepEqual(have, want) {
		t.Errorf("result %+v, want %+v", have, want)
	}
	sameFiles(t, whole, parts)
	if s := Folder(parts).Starts(); len(s) != 1 || s[0].Version != "v9" || !s[0].Time.Equal(clock) {
		t.Errorf("starts %+v: want that with a clock alone", s)
	}
	for _, name := range []string{"environment.json", "tensorboard"} {
		if _, err := os.Stat(filepath.Join(whole, name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is there without a clock (%v)", name, err)
		}
	}

	r, err = Create(longer, tiny(t, "meta.steps=8"), Options{})
	trained(t, r, err)
	r, err = Reopen(longer, Options{Set: []string{"meta.steps=12"}})
	trained(t, r, err)
	sameFiles(t, whole, longer)
	r, err = Reopen(longer, Options{})
	if err != nil || !r.Finished() {
		t.Fatalf("a finished run: %v", err)
	}
	trained(t, r, err)
}

// TestRunMeasuresAgain: a result is made from evaluations that metrics.jsonl has lost, too, and Open
// measures the same.
func TestRunMeasuresAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	r, err := Create(dir, tiny(t), Options{})
	want := trained(t, r, err)
	path := Folder(dir).Metrics()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for line := range strings.Lines(string(text)) {
		if !strings.Contains(line, `"step":0,"kind":"eval"`) {
			kept = append(kept, line)
		}
	}
	if err := os.WriteFile(path, []byte(strings.Join(kept, "")), 0o644); err != nil {
		t.Fatal(err)
	}
	note := ""
	r, err = Reopen(dir, Options{Note: func(text string) { note += text }})
	if have := trained(t, r, err); !reflect.DeepEqual(have, want) || !strings.Contains(note, "measuring again") {
		t.Errorf("%+v, want %+v; note %q", have, want, note)
	}
	opened, err := Open(dir, &Source{})
	if err != nil {
		t.Fatal(err)
	}
	if s := opened.Subjects[1]; s.Name != "oml" || s.Origin.Run != dir || s.Origin.Step != 12 || len(s.Theta) != s.Layout.Total() {
		t.Errorf("subject %+v", s.Origin)
	}
}

// TestRunFrom begins from the parameters of another run: they are what is measured before training.
func TestRunFrom(t *testing.T) {
	first, second := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	r, err := Create(first, tiny(t), Options{})
	a := trained(t, r, err)
	cfg := tiny(t)
	from, err := From(first, cfg)
	if err != nil {
		t.Fatal(err)
	}
	r, err = Create(second, cfg, Options{From: from})
	b := trained(t, r, err)
	if cfg.Start != "" {
		t.Error("the configuration was changed")
	}
	if have, want := b.Learners[0].Untrained.Median, a.Learners[0].Trained.Median; have != want || b.Learners[0].Trained.Median == want {
		t.Errorf("before training %v, want %v", have, want)
	}
	started, err := Folder(second).Load()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Create(filepath.Join(t.TempDir(), "c"), started, Options{}); !isInput(err) || !strings.Contains(err.Error(), "start: ") {
		t.Errorf("without the parameters: %v", err)
	}
}

func isInput(err error) bool { return errors.As(err, new(*fault.Input)) }

// TestRunRefuses asks that what cannot be done is told as input, by its reason, and that nothing is written.
func TestRunRefuses(t *testing.T) {
	parent := t.TempDir()
	good, other, empty := filepath.Join(parent, "good"), filepath.Join(parent, "other"), filepath.Join(parent, "none")
	r, err := Create(good, tiny(t), Options{})
	trained(t, r, err)
	if err := os.Mkdir(other, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(other, "mine.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	altered := filepath.Join(parent, "altered")
	if err := os.CopyFS(altered, os.DirFS(good)); err != nil {
		t.Fatal(err)
	}
	text, err := tiny(t, "seed=9").Encode()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(Folder(altered).ConfigFile(), text, 0o644); err != nil {
		t.Fatal(err)
	}
	open := func(dir string) error { _, err := Open(dir, &Source{}); return err }
	reopen := func(dir string) error { _, err := Reopen(dir, Options{}); return err }
	create := func(dir string) error { _, err := Create(dir, tiny(t), Options{}); return err }
	for _, c := range []struct {
		what   string
		do     func(string) error
		dir    string
		reason Reason
	}{
		{"create in a run", create, good, HasRun}, {"create among other things", create, other, NotEmpty},
		{"reopen nothing", reopen, empty, NoFolder}, {"open nothing", open, empty, NoFolder},
		{"reopen what was altered", reopen, altered, Altered}, {"open what was altered", open, altered, Altered},
	} {
		err := c.do(c.dir)
		if e, ok := errors.AsType[*FolderError](err); !ok || !isInput(err) || e.Reason != c.reason || string(e.Folder) != c.dir {
			t.Errorf("%s: %v (%+v)", c.what, err, e)
		}
	}
	bad := *tiny(t)
	bad.Meta.Steps = 0
	if _, err := Create(empty, &bad, Options{}); !isInput(err) || !strings.Contains(err.Error(), "meta.steps") {
		t.Errorf("no meta-steps: %v", err)
	}
	if _, err := Reopen(good, Options{Set: []string{"network.hidden=[7]"}}); !isInput(err) {
		t.Errorf("another network: %v", err)
	}
	if _, err := OpenStep(good, 3, &Source{}); !isInput(err) || !errors.As(err, new(*StepError)) {
		t.Errorf("a checkpoint that was not kept: %v", err)
	}
	if _, err := os.Stat(empty); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s was made", empty)
	}
}

// TestGapIsRefused: metrics that end before the checkpoint are told, and gone on without where that is meant.
func TestGapIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	r, err := Create(dir, tiny(t), Options{})
	trained(t, r, err)
	f := Folder(dir)
	for _, path := range []string{f.Metrics(), checkpoint.PreviousPath(f.Checkpoint())} {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	_, err = Reopen(dir, Options{Set: []string{"meta.steps=15"}})
	if e, ok := errors.AsType[*FolderError](err); !ok || e.Reason != Gap || !errors.As(err, new(*GapError)) || !isInput(err) {
		t.Fatalf("no metrics: %v", err)
	}
	r, err = Reopen(dir, Options{Set: []string{"meta.steps=15"}, AcceptGap: true})
	trained(t, r, err)
}
