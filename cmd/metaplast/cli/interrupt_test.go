package cli

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"metaplast/metaopt/run"
)

// program prepares a run of the program: TestMain puts it on the PATH as metaplast.
func program(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd := exec.Command("metaplast", args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	return cmd, &out
}

func code(err error) int {
	var e *exec.ExitError
	if errors.As(err, &e) {
		return e.ExitCode()
	}
	if err != nil {
		return -2
	}
	return 0
}

// long is a run long enough to be stopped in its middle.
func long(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "long.yaml")
	text := strings.Replace(tiny, "steps: 12, batch: 3, checkpoint_every: 4", "steps: 400, batch: 3, checkpoint_every: 50", 1)
	text = strings.Replace(text, "every: 5,", "every: 60,", 1)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// trainedTiny trains the run of tiny and returns its folder.
func trainedTiny(t *testing.T) (dir string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "tiny.yaml")
	if err := os.WriteFile(file, []byte(tiny), 0o644); err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(t.TempDir(), "run")
	cmd, out := program(t, "train", "--config", file, "--out", dir, "--quiet")
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// await waits until a run has recorded something of a meta-step.
func await(t *testing.T, cmd *exec.Cmd, dir, record string) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		text, _ := os.ReadFile(filepath.Join(dir, "metrics.jsonl"))
		if bytes.Contains(text, []byte(record)) {
			return
		}
	}
	cmd.Process.Kill()
	t.Fatalf("no %s in 30 s", record)
}

// TestResumeIsBitEqual stops runs in every way and at several places, and compares what comes
// of them with a run that was left alone.
func TestResumeIsBitEqual(t *testing.T) {
	// A program that is started where SIGHUP is ignored, as under nohup, ignores it too. One that is
	// caught here has its default meaning in what is started from here.
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, syscall.SIGHUP)
	defer signal.Stop(caught)
	file := long(t)
	whole := filepath.Join(t.TempDir(), "whole")
	cmd, out := program(t, "train", "--config", file, "--out", whole, "--quiet", "--workers", "1")
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	stops := []struct {
		name   string
		signal os.Signal
		at     []string // records after which it is stopped, one start after the other
		code   int
	}{
		{"sigint", os.Interrupt, []string{`{"step":0,"kind":"eval"`, `{"step":70,`, `{"step":123,`}, exitInterrupted},
		{"sigterm", syscall.SIGTERM, []string{`{"step":201,`}, exitInterrupted},
		{"sighup", syscall.SIGHUP, []string{`{"step":77,`}, exitInterrupted},
		{"kill", os.Kill, []string{`{"step":3,`, `{"step":90,`, `{"step":260,`}, -1},
	}
	for _, s := range stops {
		t.Run(s.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "run")
			args := []string{"train", "--config", file, "--out", dir, "--quiet"}
			for _, at := range s.at {
				cmd, out := program(t, args...)
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				await(t, cmd, dir, at)
				if err := cmd.Process.Signal(s.signal); err != nil {
					t.Fatal(err)
				}
				if c := code(cmd.Wait()); c != s.code {
					t.Fatalf("stopped after %s: exit code %d, want %d\n%s", at, c, s.code, out)
				}
				if s.code == exitInterrupted && !(strings.Contains(out.String(), "then saving") && strings.Contains(out.String(), "--resume")) {
					t.Errorf("what an interrupted run says: %s", out)
				}
				args = []string{"train", "--resume", dir, "--quiet", "--workers", "2"}
				// What a death in the middle of writing leaves behind is gone in the end.
				for _, name := range []string{".result.json123", ".environment.json4", ".checkpoint.npz56", ".learning-curve.svg7"} {
					if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
						t.Fatal(err)
					}
				}
			}
			cmd, out := program(t, args...)
			if err := cmd.Run(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if err := sameRuns(whole, dir); err != nil {
				t.Error(err)
			}
			monotone(t, filepath.Join(dir, "metrics.jsonl"))
		})
	}
}

// monotone checks that the records of a run lie in the order of the meta-steps.
func monotone(t *testing.T, path string) {
	t.Helper()
	m, err := run.ReadMetrics(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range m {
		for i, step := range s.Steps {
			if step != i+1 {
				t.Fatalf("%s: record %d is of meta-step %d", name, i, step)
			}
		}
		if len(s.Steps) != 400 || len(s.Evals) != 8 {
			t.Errorf("%s: %d steps and %d evaluations, want 400 and 8", name, len(s.Steps), len(s.Evals))
		}
	}
}

// TestRunInUse starts the same run twice.
func TestRunInUse(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	first, _ := program(t, "train", "--config", long(t), "--out", dir, "--quiet", "--set", "meta.steps=1000000")
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		first.Process.Kill()
		first.Wait()
	}()
	await(t, first, dir, `{"step":1,`)
	for _, args := range [][]string{{"train", "--resume", dir}, {"train", "--config", long(t), "--out", dir}} {
		cmd, out := program(t, args...)
		if c := code(cmd.Run()); c != exitUsage || !strings.Contains(out.String(), "in use") {
			t.Errorf("%v: exit code %d, want %d\n%s", args, c, exitUsage, out)
		}
	}
	cmd, out := program(t, "eval", dir, "--json")
	if err := cmd.Run(); err != nil {
		t.Errorf("eval of a run in use: %v\n%s", err, out)
	}
}

// TestSecondSignalStops sends two signals during an evaluation that takes long.
func TestSecondSignalStops(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	cmd, out := program(t, "train", "--config", long(t), "--out", dir, "--set", "eval.episodes=2000000", "--quiet")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// Signals are caught before this file is written, and the evaluation before the first
	// meta-step begins after it.
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if text, _ := os.ReadFile(filepath.Join(dir, "environment.json")); len(text) > 0 {
			break
		}
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for {
		cmd.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-done:
			if c := code(err); c != exitInterrupted {
				t.Errorf("exit code %d, want %d\n%s", c, exitInterrupted, out)
			}
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// TestDamagedCheckpoint cuts the checkpoint of a finished run short, and alters it.
func TestDamagedCheckpoint(t *testing.T) {
	dir := trainedTiny(t)
	path := filepath.Join(dir, "checkpoint.npz")
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	n := len(sound)
	flipped := bytes.Clone(sound)
	flipped[n/3] ^= 1
	for name, damaged := range map[string][]byte{
		"empty": {}, "1 byte": sound[:1], "quarter": sound[:n/4], "half": sound[:n/2], "all but one": sound[:n-1],
		"flipped": flipped, "longer": append(bytes.Clone(sound), 0),
	} {
		if err := os.WriteFile(path, damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		before, err := runFiles(dir)
		if err != nil {
			t.Fatal(err)
		}
		lock, _ := os.ReadFile(filepath.Join(dir, "lock"))
		for _, args := range [][]string{{"train", "--resume", dir}, {"eval", dir}} {
			cmd, out := program(t, args...)
			if c := code(cmd.Run()); c != exitUsage || !strings.Contains(out.String(), "checkpoint.npz") {
				t.Errorf("%s: %v: exit code %d, want %d\n%s", name, args, c, exitUsage, out)
			}
		}
		after, err := runFiles(dir)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := os.ReadFile(filepath.Join(dir, "lock"))
		if len(after) != len(before) || !bytes.Equal(lock, again) {
			t.Errorf("%s: the folder changed", name)
		}
		for f, text := range before {
			if !bytes.Equal(after[f], text) {
				t.Errorf("%s: %s changed", name, f)
			}
		}
	}
}
