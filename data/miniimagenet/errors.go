package miniimagenet

import (
	"errors"
	"fmt"
)

// The kinds of fault. Every error of this package but *fault.Field and those of a cancelled
// context is an *Error around one of them or around the error of the system underneath; test with
// errors.Is.
var (
	// ErrMissing: a table or an image that is not there.
	ErrMissing = errors.New("file not found")
	// ErrTable: a table that is not CSV with the columns filename,label.
	ErrTable = errors.New("malformed table")
	// ErrName: a file name that is empty or leads out of the folder.
	ErrName = errors.New("bad file name")
	// ErrDuplicate: an image that is listed twice, or a class in two tables, so that the splits
	// would share what they must not.
	ErrDuplicate = errors.New("listed twice")
	// ErrImage: neither a JPEG nor a PNG image, or a broken one.
	ErrImage = errors.New("not an image")
	// ErrLimit: more rows, bytes or pixels than is allowed.
	ErrLimit = errors.New("too large")
)

// Error says where a fault lies and what to do about it.
type Error struct {
	Path string // the table or the image
	Line int    // of the table, from 1; 0 when the fault is the file's
	Err  error  // what is wrong, wrapping one of the sentinels or an error of the system
	Do   string // what to do about it; may be empty
}

// Error gives, for example, "mini-imagenet: train.csv:3: file not found: …".
func (e *Error) Error() string {
	s := "mini-imagenet: " + e.Path
	if e.Line > 0 {
		s += fmt.Sprintf(":%d", e.Line)
	}
	s += ": " + e.Err.Error()
	if e.Do != "" {
		s += "; " + e.Do
	}
	return s
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }
