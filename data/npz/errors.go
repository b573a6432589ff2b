package npz

import (
	"errors"
	"strings"
)

// The kinds of fault. Every error of this package is an *Error around one of them, or around
// the error of the reader or writer underneath; test with errors.Is.
var (
	// ErrFormat: not a zip archive, not a .npy entry, truncated, or a checksum that fails.
	ErrFormat = errors.New("malformed npz")
	// ErrType: well-formed, but with elements that are not real numbers (objects, strings,
	// complex numbers, structures) or of a width that is not supported.
	ErrType = errors.New("unsupported element type")
	// ErrValue: a number that would not survive the conversion, such as an integer beyond
	// 2⁵³ when reading or a float64 that is not a float32 when writing one.
	ErrValue = errors.New("value not exactly representable")
	// ErrShape: a negative extent, too many dimensions, or a shape that does not fit the data.
	ErrShape = errors.New("bad shape")
	// ErrSize: more than MaxElements, or than an archive of this size may have.
	ErrSize = errors.New("too large")
	// ErrName: an array name that is empty, not a clean relative path, or used twice.
	ErrName = errors.New("bad array name")
)

// Error says in which file and array a fault lies.
type Error struct {
	Path  string // the file; empty when the archive was not opened by name
	Array string // the array; empty when the fault is the archive's
	Err   error  // what is wrong, wrapping one of the sentinels or an I/O error
}

// Error gives, for example, "npz: run/inputs.npz: array W0: unsupported element type: …".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("npz: ")
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	if e.Array != "" {
		b.WriteString("array " + e.Array + ": ")
	}
	b.WriteString(e.Err.Error())
	return b.String()
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }
