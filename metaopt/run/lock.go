package run

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"metaplast/data/regular"
)

// lockName is the file in a run folder that the lock is on.
const lockName = "lock"

// Locked keeps other processes out of a run folder.
//
// It is an flock(2) on the file "lock" in it, which the kernel releases when the process ends
// in whatever way, kill -9 included: there is no stale lock to be removed by hand. The file
// stays behind and means nothing by itself; it holds the id of the last process that had the
// lock. Unix only. On network file systems it is as good as their flock. A symbolic link of that
// name is refused, with regular.ErrLink.
type Locked struct{ f *os.File }

// Lock locks a run folder that exists. Where another process has it locked, or this one
// by an earlier call, the error is a *InUseError, at once. Keep the Locked and call
// Unlock: an unreachable one may be collected, and its lock released, at any time.
func Lock(dir string) (*Locked, error) {
	f, err := regular.OpenLog(filepath.Join(dir, lockName), os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	for {
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if errors.Is(err, unix.EWOULDBLOCK) {
		var b [32]byte
		n, _ := f.ReadAt(b[:], 0)
		pid, _ := strconv.Atoi(strings.TrimSpace(string(b[:n]))) // 0 where it is not written yet
		f.Close()
		return nil, &InUseError{Path: dir, PID: pid}
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock run folder %s: %w", dir, err)
	}
	err = f.Truncate(0)
	if err == nil {
		_, err = f.WriteAt(fmt.Appendln(nil, os.Getpid()), 0)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &Locked{f: f}, nil
}

// Unlock releases the lock. The file stays: if it were removed, a process that has just opened
// it could lock a file that is no longer there, beside one that locks a new one.
func (l *Locked) Unlock() error { return l.f.Close() }
