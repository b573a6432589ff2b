package cli

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// computing waits until a process has used half a second of processor time, so that it is at the
// work that it was started for.
func computing(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", cmd.Process.Pid))
		if err != nil {
			time.Sleep(3 * time.Second) // no such files here
			return
		}
		fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
		var user, system int
		fmt.Sscan(fields[11], &user)
		fmt.Sscan(fields[12], &system)
		if user+system >= 50 { // ticks of 10 ms
			return
		}
	}
	t.Fatal("no half second of processor time in a minute")
}

// endsSoon sends one SIGINT and wants the process to end within a few seconds, which would be
// minutes if it went on.
func endsSoon(t *testing.T, cmd *exec.Cmd, out *bytes.Buffer) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-done:
		if c := code(err); c != exitInterrupted {
			t.Errorf("%v: exit code %d, want %d\n%s", cmd.Args[1:], c, exitInterrupted, out)
		}
	case <-time.After(10 * time.Second):
		cmd.Process.Kill()
		t.Errorf("%v: still there ten seconds after SIGINT", cmd.Args[1:])
	}
}

// TestSignalEndsMeasuring interrupts what measures for long: it ends at once and leaves nothing.
func TestSignalEndsMeasuring(t *testing.T) {
	dir := trainedTiny(t)
	before, err := runFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"eval", "compare", "report", "export"} {
		cmd, out := program(t, name, dir, "--episodes", "2000000")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		computing(t, cmd)
		endsSoon(t, cmd, out)
		if !strings.Contains(out.String(), "interrupted: nothing is written") {
			t.Errorf("%s: says %q", name, out)
		}
		after, err := runFiles(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(after) != len(before) {
			t.Errorf("%s: %d files where there were %d", name, len(after), len(before))
		}
	}
}

// TestSignalEndsEvaluation interrupts train in an evaluation that takes long.
func TestSignalEndsEvaluation(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	cmd, out := program(t, "train", "--config", long(t), "--out", dir, "--set", "eval.episodes=2000000", "--quiet")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	computing(t, cmd)
	endsSoon(t, cmd, out)
	if !strings.Contains(out.String(), "--resume "+dir) {
		t.Errorf("says %q, want how to go on", out)
	}
}

// TestNohup: a SIGHUP that the program was started to ignore stays ignored.
func TestNohup(t *testing.T) {
	nohup, err := exec.LookPath("nohup")
	if err != nil {
		t.Skip("no nohup here")
	}
	dir := filepath.Join(t.TempDir(), "run")
	cmd := exec.Command(nohup, "metaplast", "train", "--config", long(t), "--out", dir, "--quiet", "--set", "meta.steps=100")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	await(t, cmd, dir, `{"step":3,`)
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v, want the run to go on to its end", err)
	}
}
