package metaopt

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestLock(t *testing.T) {
	dir := t.TempDir()
	l, err := LockRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = LockRun(dir)
	e, ok := errors.AsType[*RunInUseError](err)
	if !ok || !errors.Is(err, ErrRunInUse) || e.Path != dir || e.PID != os.Getpid() {
		t.Fatalf("locked twice: %v", err)
	}
	if err := l.Unlock(); err != nil {
		t.Fatal(err)
	}
	l, err = LockRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	l.Unlock()
	if _, err := LockRun(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no such folder: %v", err)
	}
}

// TestLockHolder is not a test but the other process of TestLockKilled.
func TestLockHolder(t *testing.T) {
	dir := os.Getenv("METAPLAST_TEST_LOCK")
	if dir == "" {
		t.Skip("runs as a process of TestLockKilled")
	}
	l, err := LockRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Unlock()
	fmt.Println("locked")
	bufio.NewReader(os.Stdin).ReadByte() // until killed, or the parent is gone
}

func TestLockKilled(t *testing.T) {
	dir := t.TempDir()
	p := exec.Command(os.Args[0], "-test.run=^TestLockHolder$")
	p.Env = append(os.Environ(), "METAPLAST_TEST_LOCK="+dir)
	if _, err := p.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	_, err = LockRun(dir)
	p.Process.Kill()
	p.Wait()
	if strings.TrimSpace(line) != "locked" {
		t.Fatalf("the other process says %q", line)
	}
	if e, ok := errors.AsType[*RunInUseError](err); !ok || e.PID != p.Process.Pid {
		t.Errorf("locked by process %d: %v", p.Process.Pid, err)
	}
	l, err := LockRun(dir)
	if err != nil {
		t.Fatalf("after the holder was killed: %v", err)
	}
	l.Unlock()
}
