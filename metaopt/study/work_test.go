package study

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"metaplast/data/fault"
	"metaplast/metaopt"
	"metaplast/metaopt/run"
)

// small is a study of seconds.
func small(t *testing.T, dir string, seeds, workers int, sets ...string) *Work {
	t.Helper()
	s, err := Lookup("sine-continual")
	if err != nil {
		t.Fatal(err)
	}
	setting, err := s.Setting(Quick, "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPlan(s, setting, append([]string{"task.functions=2", "task.steps=2", "task.batch=2", "task.query=3", "network.hidden=[6,5]",
		"meta.steps=12", "meta.schedule.milestones=[]", "eval.every=0", "eval.episodes=4"}, sets...), seeds)
	if err != nil {
		t.Fatal(err)
	}
	return &Work{Plan: p, Dir: dir, Workers: workers, Run: run.Options{Remat: metaopt.AutoRemat}}
}

// TestWorkGoesOn: a study that is interrupted and gone on with by another Work has the bytes of one that was
// left alone, and is not trained or measured again.
func TestWorkGoesOn(t *testing.T) {
	// The folder is in the commands that the verdict gives.
	t.Chdir(t.TempDir())
	whole, err := small(t, "s", 2, 1).Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename("s", "whole"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	w := small(t, "s", 2, 1)
	w.Progress = func(seed uint64) func(metaopt.Progress) {
		return func(p metaopt.Progress) {
			if seed == 2 && p.Step == 5 {
				cancel()
			}
		}
	}
	if _, err := w.Do(ctx); !errors.Is(err, metaopt.ErrInterrupted) || w.Finished() != 1 {
		t.Fatalf("interrupted: %v, %d finished", err, w.Finished())
	}
	if _, err := os.Stat(filepath.Join("s", VerdictFile)); err == nil {
		t.Error("a verdict of one seed")
	}
	var trained atomic.Int64
	w = small(t, "s", 2, 2)
	w.Trained = func(Cell) { trained.Add(1) }
	parts, err := w.Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if trained.Load() != 2 || string(parts.Table()) != string(whole.Table()) {
		t.Errorf("%d told to be trained\n%s\nwant\n%s", trained.Load(), parts.Table(), whole.Table())
	}
	for _, name := range []string{File, VerdictFile, TableFile, "seed-1.measured.json", "seed-2.measured.json", "seed-2/checkpoint.npz", "seed-2/metrics.jsonl", "seed-2/result.json"} {
		a, err1 := os.ReadFile(filepath.Join("whole", name))
		b, err2 := os.ReadFile(filepath.Join("s", name))
		if err1 != nil || err2 != nil || string(a) != string(b) {
			t.Errorf("%s differs (%v, %v):\n%s\n%s", name, err1, err2, a, b)
		}
	}
	w = small(t, "s", 2, 1)
	w.Progress = func(uint64) func(metaopt.Progress) { return func(metaopt.Progress) { t.Error("trained again") } }
	if _, err := w.Do(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestWorkRefuses: a folder with something else in it, or with another study, is left as it is.
func TestWorkRefuses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "s")
	if _, err := small(t, dir, 1, 1).Do(t.Context()); err != nil {
		t.Fatal(err)
	}
	var input *fault.Input
	if err := small(t, dir, 1, 1, "meta.steps=13").Check(); !errors.As(err, &input) || !strings.Contains(err.Error(), "other settings") {
		t.Errorf("another study: %v", err)
	}
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "mine"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := small(t, other, 1, 1).Do(t.Context())
	if e, ok := errors.AsType[*run.FolderError](err); !ok || e.Reason != run.NotEmpty {
		t.Errorf("a folder with a file: %v", err)
	}
	if list, err := os.ReadDir(other); err != nil || len(list) != 1 {
		t.Errorf("%d entries, %v: want the one that was there", len(list), err)
	}
}
