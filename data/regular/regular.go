// Package regular opens regular files, and nothing else.
//
// A path that a user gives may lead to a pipe, whose opening waits for a writer, to a device such as
// /dev/zero, which never ends, or to a socket. None of them is ever meant. Open and Read refuse them
// at once, before and after opening, so that exchanging the file in between does not help.
//
// OpenLog is for files that are written in a folder that somebody else may have prepared: it never
// writes through a symbolic link, so that no file elsewhere is overwritten.
//
// Every error is a *fs.PathError, around ErrKind, ErrLink, ErrSize or the error of the system.
package regular

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

var (
	// ErrKind: a folder, pipe, socket or device.
	ErrKind = errors.New("not a regular file")
	// ErrLink: a symbolic link where a file is to be written.
	ErrLink = errors.New("a symbolic link, through which nothing is written")
	// ErrSize: more bytes than may be read.
	ErrSize = errors.New("too large")
)

// Open opens a file for reading, also through symbolic links, and returns its size.
func Open(path string) (f *os.File, size int64, err error) {
	// Looked at before it is opened, because opening a device may already do something.
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, err
	}
	if err := check("open", path, info); err != nil {
		return nil, 0, err
	}
	return open(path, os.O_RDONLY, 0)
}

// Read returns a file whole if it has at most so many bytes. It needs memory for no more than that,
// also where the file grows meanwhile.
func Read(path string, most int64) ([]byte, error) {
	f, size, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if size > most {
		return nil, tooLarge(path, size, most)
	}
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, err
	}
	if n := int64(len(text)); n > most {
		return nil, tooLarge(path, n, most)
	}
	return text, nil
}

// OpenLog opens a file for reading and writing, with os.O_CREATE or os.O_EXCL in flag as given. It
// fails with ErrLink where the last part of the path is a symbolic link, dangling ones included.
func OpenLog(path string, flag int, perm fs.FileMode) (*os.File, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		if err := CheckLink(path, info); err != nil {
			return nil, err
		}
		if err := check("open", path, info); err != nil {
			return nil, err
		}
	}
	f, _, err := open(path, os.O_RDWR|flag|noFollow, perm)
	return f, err
}

// CheckLink fails with ErrLink if info, from os.Lstat, is of a symbolic link.
func CheckLink(path string, info fs.FileInfo) error {
	if info.Mode().Type() != fs.ModeSymlink {
		return nil
	}
	err := ErrLink
	if to, e := os.Readlink(path); e == nil {
		err = fmt.Errorf("%w (it leads to %s); remove it", ErrLink, to)
	}
	return &fs.PathError{Op: "open", Path: path, Err: err}
}

// open opens without waiting for anybody, and looks at what it got.
func open(path string, flag int, perm fs.FileMode) (*os.File, int64, error) {
	f, err := os.OpenFile(path, flag|noWait, perm)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil {
		err = check("open", path, info)
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

func check(op, path string, info fs.FileInfo) error {
	what := ""
	switch mode := info.Mode(); {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		what = "a folder"
	case mode&fs.ModeNamedPipe != 0:
		what = "a pipe"
	case mode&fs.ModeSocket != 0:
		what = "a socket"
	case mode&fs.ModeDevice != 0:
		what = "a device"
	default:
		what = mode.Type().String()
	}
	return &fs.PathError{Op: op, Path: path, Err: fmt.Errorf("%w but %s", ErrKind, what)}
}

func tooLarge(path string, size, most int64) error {
	return &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("%w: %d bytes, want at most %d", ErrSize, size, most)}
}
