package run

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

	"metaplast/data/regular"
)

func TestLock(t *testing.T) {
	dir := t.TempDir()
	l, err := Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Lock(dir)
	e, ok := errors.AsType[*InUseError](err)
	if !ok || !errors.Is(err, ErrInUse) || e.Path != dir || e.PID != os.Getpid() {
		t.Fatalf("locked twice: %v", err)
	}
	if err := l.Unlock(); err != nil {
		t.Fatal(err)
	}
	l, err = Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	l.Unlock()
	if _, err := Lock(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no such folder: %v", err)
	}
}

// TestLockHolder is not a test but the other process of TestLockKilled.
func TestLockHolder(t *testing.T) {
	dir := os.Getenv("METAPLAST_TEST_LOCK")
	if dir == "" {
		t.Skip("runs as a process of TestLockKilled")
	}
	l, err := Lock(dir)
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
	_, err = Lock(dir)
	p.Process.Kill()
	p.Wait()
	if strings.TrimSpace(line) != "locked" {
		t.Fatalf("the other process says %q", line)
	}
	if e, ok := errors.AsType[*InUseError](err); !ok || e.PID != p.Process.Pid {
		t.Errorf("locked by process %d: %v", p.Process.Pid, err)
	}
	l, err := Lock(dir)
	if err != nil {
		t.Fatalf("after the holder was killed: %v", err)
	}
	l.Unlock()
}

// A lock that is a symbolic link is not followed, so that no file elsewhere is overwritten.
func TestLockThroughLink(t *testing.T) {
	dir, victim := t.TempDir(), filepath.Join(t.TempDir(), "victim")
	if err := os.WriteFile(victim, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(victim, filepath.Join(dir, "lock")); err != nil {
		t.Fatal(err)
	}
	_, err := Lock(dir)
	text, _ := os.ReadFile(victim)
	if !errors.Is(err, regular.ErrLink) || string(text) != "mine" {
		t.Errorf("%v, and the file says %q", err, text)
	}
}
