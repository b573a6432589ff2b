package fetch

import (
	"errors"
	"strings"
	"syscall"
)

// The kinds of fault. Every error of this package but those of a cancelled context is an *Error
// around one of them, or around the error of the system underneath; test with errors.Is.
var (
	// ErrChecksum: a file that is not the one that is meant.
	ErrChecksum = errors.New("wrong checksum")
	// ErrSize: a file or a download of another size than the one that is meant.
	ErrSize = errors.New("wrong size")
	// ErrFull: no space left on the disk, or the quota is used up.
	ErrFull = errors.New("disk full")
	// ErrCut: a download that ended early. What has arrived is kept.
	ErrCut = errors.New("download cut off")
	// ErrStatus: a server that answers with another status than 200 or 206.
	ErrStatus = errors.New("the server refuses")
	// ErrUnknown: no data set of this name.
	ErrUnknown = errors.New("unknown data set")
	// ErrManual: a data set that may not be downloaded by a program.
	ErrManual = errors.New("cannot be downloaded")
	// ErrMissing: a file that is not installed.
	ErrMissing = errors.New("not installed")
)

// Error says which file has a fault, and what to do about it.
type Error struct {
	Set  string // name of the data set
	File string // name of the file; empty when the fault is the set's
	Path string // where on the disk or on the net; empty when that does not matter
	Err  error  // what is wrong, wrapping one of the sentinels or an error of the system
	Do   string // what to do about it; may be empty
}

// Error gives, for example, "fetch: omniglot: images_background.zip: disk full: …; free some
// space".
func (e *Error) Error() string {
	parts := []string{"fetch", e.Set}
	for _, s := range []string{e.File, e.Path} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	s := strings.Join(append(parts, e.Err.Error()), ": ")
	if e.Do != "" {
		s += "; " + e.Do
	}
	return s
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// isFull tells whether an error says that there is no space.
func isFull(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }
