package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// smallStudy is a study that takes long enough to be stopped in its middle.
func smallStudy(dir string, args ...string) []string {
	return append([]string{"study", "sine-continual", "--seeds", "3", "--out", dir, "--quiet", "--blas", "gonum",
		"--set", "task.functions=2", "--set", "task.steps=2", "--set", "task.batch=2", "--set", "task.query=3", "--set", "network.hidden=[6,5]",
		"--set", "meta.steps=150", "--set", "meta.schedule.milestones=[100]", "--set", "meta.checkpoint_every=40",
		"--set", "eval.every=60", "--set", "eval.episodes=4"}, args...)
}

// TestStudyResumes stops a study in several ways and places and compares what comes of it with
// one that was left alone, byte for byte.
func TestStudyResumes(t *testing.T) {
	// The folder's name is in the commands that the verdict gives.
	whole, stopped := t.TempDir(), t.TempDir()
	cmd, out := program(t, smallStudy("s", "--workers", "1")...)
	cmd.Dir = whole
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// A death in the first milliseconds leaves this.
	leftover := filepath.Join(stopped, "s", ".study.yaml123")
	if err := os.Mkdir(filepath.Dir(leftover), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{leftover, filepath.Join(stopped, "s", "lock")} {
		if err := os.WriteFile(name, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, stop := range []struct {
		signal   os.Signal
		seed, at string
		code     int
	}{
		{os.Kill, "seed-1", `{"step":25,`, -1},
		{os.Interrupt, "seed-1", `{"step":90,`, exitInterrupted},
		{os.Kill, "seed-2", `{"step":70,`, -1},
		{os.Interrupt, "seed-3", `{"step":0,"kind":"eval"`, exitInterrupted},
	} {
		cmd, out := program(t, smallStudy("s", "--workers", "2")...)
		cmd.Dir = stopped
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		await(t, cmd, filepath.Join(stopped, "s", stop.seed), stop.at)
		if err := cmd.Process.Signal(stop.signal); err != nil {
			t.Fatal(err)
		}
		if c := code(cmd.Wait()); c != stop.code {
			t.Fatalf("stopped after %s of %s: exit code %d, want %d\n%s", stop.at, stop.seed, c, stop.code, out)
		}
		if stop.code == exitInterrupted && !(strings.Contains(out.String(), "then saving") &&
			strings.Contains(out.String(), "of 3 runs are finished; go on with: metaplast study sine-continual --size quick")) {
			t.Errorf("what an interrupted study says: %s", out)
		}
	}
	cmd, out = program(t, smallStudy("s", "--workers", "2")...)
	cmd.Dir = stopped
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if _, err := os.Stat(leftover); err == nil {
		t.Errorf("%s is still there", leftover)
	}
	for _, name := range []string{"verdict.json", "table.txt", "study.yaml", "seed-1.measured.json", "seed-3.measured.json"} {
		a, err := os.ReadFile(filepath.Join(whole, "s", name))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(stopped, "s", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("%s differs:\n%s\n%s", name, a, b)
		}
	}
	for _, seed := range []string{"seed-1", "seed-2", "seed-3"} {
		if err := sameRuns(filepath.Join(whole, "s", seed), filepath.Join(stopped, "s", seed)); err != nil {
			t.Error(err)
		}
	}
}
