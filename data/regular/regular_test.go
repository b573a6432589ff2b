//go:build unix

package regular

import (
	"bytes"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// others are paths of everything that is not a regular file, with a word of the error.
func others(t *testing.T) map[string]string {
	dir, err := os.MkdirTemp("", "regular") // short, as the address of a socket must be
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	pipe, socket := filepath.Join(dir, "pipe"), filepath.Join(dir, "socket")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	link := filepath.Join(dir, "link")
	if err := os.Symlink(pipe, link); err != nil {
		t.Fatal(err)
	}
	return map[string]string{pipe: "pipe", socket: "socket", dir: "folder", "/dev/zero": "device", link: "pipe"}
}

// soon fails the test where f hangs.
func soon(t *testing.T, f func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(10 * time.Second):
		t.Fatal("hangs")
		return nil
	}
}

func TestKinds(t *testing.T) {
	for path, word := range others(t) {
		for name, f := range map[string]func() error{
			"Open":    func() error { _, _, err := Open(path); return err },
			"open":    func() error { _, _, err := open(path, os.O_RDONLY, 0); return err }, // exchanged after the first look
			"Read":    func() error { _, err := Read(path, 100); return err },
			"OpenLog": func() error { _, err := OpenLog(path, os.O_CREATE, 0o644); return err },
		} {
			err := soon(t, f)
			e, ok := errors.AsType[*fs.PathError](err)
			if !ok || e.Path != path {
				t.Errorf("%s(%s): %v, want a *fs.PathError", name, path, err)
				continue
			}
			switch {
			case name == "OpenLog" && filepath.Base(path) == "link":
				if !errors.Is(err, ErrLink) {
					t.Errorf("%s(%s): %v, want ErrLink", name, path, err)
				}
			case name == "open" && word == "socket": // cannot be opened at all
			case !errors.Is(err, ErrKind) || !strings.Contains(err.Error(), word):
				t.Errorf("%s(%s): %v, want ErrKind and %q", name, path, err, word)
			}
		}
	}
}

func TestRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	want := bytes.Repeat([]byte("x"), 1000)
	if err := os.WriteFile(path, want, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := Read(path, 1000); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if _, err := Read(path, 999); !errors.Is(err, ErrSize) || !strings.Contains(err.Error(), path) {
		t.Errorf("999 of 1000 bytes: %v", err)
	}
	if _, err := Read(path+"2", 999); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := Read("/proc/self/status", 10); !errors.Is(err, ErrSize) { // says that it has no bytes
		if _, e := os.Stat("/proc/self/status"); e == nil {
			t.Errorf("a file that grows: %v", err)
		}
	}
	link := path + "link"
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if got, err := Read(link, 1000); err != nil || len(got) != 1000 {
		t.Errorf("through a link: %d bytes, %v", len(got), err)
	}
}

func TestOpenLog(t *testing.T) {
	dir := t.TempDir()
	victim, link, dangling := filepath.Join(dir, "victim"), filepath.Join(dir, "link"), filepath.Join(dir, "dangling")
	if err := os.WriteFile(victim, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	none := filepath.Join(dir, "none")
	for at, to := range map[string]string{link: victim, dangling: none} {
		if err := os.Symlink(to, at); err != nil {
			t.Fatal(err)
		}
		for _, flag := range []int{os.O_CREATE, os.O_CREATE | os.O_EXCL, os.O_CREATE | os.O_APPEND} {
			if _, err := OpenLog(at, flag, 0o644); !errors.Is(err, ErrLink) || !strings.Contains(err.Error(), to) {
				t.Errorf("%s, flag %x: %v, want ErrLink with %s", at, flag, err, to)
			}
		}
		// A link that comes between the look and the opening.
		if f, _, err := open(at, os.O_RDWR|os.O_CREATE|noFollow, 0o644); err == nil {
			f.Close()
			t.Errorf("%s was opened", at)
		}
	}
	if _, err := os.Lstat(none); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what a dangling link leads to was made: %v", err)
	}
	if text, err := os.ReadFile(victim); err != nil || string(text) != "precious" {
		t.Errorf("victim: %q, %v", text, err)
	}
	f, err := OpenLog(none, os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write([]byte("new")); err != nil {
		t.Error(err)
	}
	if _, err := OpenLog(none, os.O_CREATE|os.O_EXCL, 0o644); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a file that is there: %v", err)
	}
}
