//go:build linux && !race

package cli

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"metaplast/metaopt/run"
)

// TestMemoryIsKept runs an episode that takes more memory than it may use if all of it is remembered:
// what is resident at most stays below the limit, give or take a tenth. The process has one processor, so
// that its collector keeps pace whatever else the machine does.
func TestMemoryIsKept(t *testing.T) {
	peak := func(limit string) (remat int, bytes int64) {
		t.Helper()
		dir := filepath.Join(t.TempDir(), "run")
		cmd, out := program(t, "train", "sine-paper", "--workers", "1", "--quiet", "--memory", limit, "--out", dir,
			"--set", "meta.steps=1", "--set", "meta.batch=1", "--set", "eval.episodes=2", "--set", "task.steps=10",
			"--set", "task.batch=1", "--set", "task.query=1") // what is remembered of weights depends on neither
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return run.Folder(dir).Starts()[0].Remat, cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
	}
	if remat, bytes := peak("4GB"); remat != 0 || bytes < 500e6 {
		t.Fatalf("without a limit: remat %d, %d MB: the episode is too small for this test", remat, bytes/1e6)
	}
	if remat, bytes := peak("450MB"); remat == 0 || bytes > 450e6/10*11 {
		t.Errorf("with 450 MB: remat %d, %d MB resident at most", remat, bytes/1e6)
	}
}
