package cli

import (
	"os"
	"path/filepath"
	"testing"

	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/config"
	"metaplast/metaopt/run"
)

// TestExtensionCutShort leaves an extension in each of the states that a death can leave it in. The run
// is read in all of them, and ends with the bytes of one that was begun with that many steps.
func TestExtensionCutShort(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tiny.yaml")
	if err := os.WriteFile(file, []byte(tiny), 0o644); err != nil {
		t.Fatal(err)
	}
	train := func(args ...string) {
		t.Helper()
		cmd, out := program(t, append([]string{"train", "--quiet"}, args...)...)
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	parent := t.TempDir()
	short, whole := filepath.Join(parent, "short"), filepath.Join(parent, "whole")
	train("--config", file, "--out", short, "--set", "meta.steps=12", "--set", "meta.keep_every=5")
	train("--config", file, "--out", whole, "--set", "meta.steps=20", "--set", "meta.keep_every=5")
	for state, name := range []string{"the old configuration is put aside", "the new one is in place", "one checkpoint is done", "all but the cleaning up"} {
		dir := run.Folder(filepath.Join(parent, "run"+string(rune('0'+state))))
		if err := os.CopyFS(string(dir), os.DirFS(short)); err != nil {
			t.Fatal(err)
		}
		old, err := dir.Load()
		if err != nil {
			t.Fatal(err)
		}
		next, err := config.Extend(old, []string{"meta.steps=20"}, 12)
		if err != nil {
			t.Fatal(err)
		}
		was, _ := old.Encode()
		is, _ := next.Encode()
		if err := dir.Write("config.before.yaml", was); err != nil {
			t.Fatal(err)
		}
		if state > 0 {
			if err := dir.Write("config.yaml", is); err != nil {
				t.Fatal(err)
			}
		}
		paths, err := dir.Checkpoints()
		if err != nil || len(paths) != 5 {
			t.Fatalf("checkpoints %v, %v; want the last, the one before, the sound one and two that are kept", paths, err)
		}
		for _, path := range map[int][]string{2: paths[:1], 3: paths}[state] {
			c, err := checkpoint.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			if c.Fingerprint, err = next.Fingerprint(); err != nil {
				t.Fatal(err)
			}
			if err := checkpoint.Rewrite(path, c); err != nil {
				t.Fatal(err)
			}
		}
		for _, step := range [][]string{nil, {"--step", "5"}} {
			cmd, out := program(t, append([]string{"eval", string(dir)}, step...)...)
			if err := cmd.Run(); err != nil {
				t.Errorf("%s: eval %v: %v\n%s", name, step, err, out)
			}
		}
		train("--resume", string(dir), "--set", "meta.steps=20")
		if err := sameRuns(whole, string(dir)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
