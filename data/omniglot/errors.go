package omniglot

import (
	"errors"
	"strings"
)

// The kinds of fault. Every error of this package but *fault.Field and those of a cancelled
// context is an *Error around one of them or around the error of the system underneath; test with
// errors.Is.
var (
	// ErrMissing: an archive that is not there.
	ErrMissing = errors.New("archive not found")
	// ErrArchive: not a zip archive, or a truncated one.
	ErrArchive = errors.New("not a whole zip archive")
	// ErrEntry: an entry that is not ROOT/alphabet/character/drawing.png, or leads out of the
	// archive, or is there twice.
	ErrEntry = errors.New("unexpected entry")
	// ErrImage: an entry that is not an image.
	ErrImage = errors.New("not a drawing")
	// ErrLimit: more entries, bytes or pixels than any archive of characters has.
	ErrLimit = errors.New("too large")
	// ErrClasses: an archive with other characters than the data set.
	ErrClasses = errors.New("not the whole data set")
	// ErrCache: a cache that is not what was written. It is only ever in Info.
	ErrCache = errors.New("corrupt cache")
)

// Error says where a fault lies and what to do about it.
type Error struct {
	Path  string // the archive or the cache
	Entry string // in the archive; empty when the fault is the archive's
	Err   error  // what is wrong, wrapping one of the sentinels or an error of the system
	Do    string // what to do about it; may be empty
}

// Error gives, for example, "omniglot: images_background.zip: entry a/b/c/0001_01.png: not a
// drawing: …".
func (e *Error) Error() string {
	parts := []string{"omniglot", e.Path}
	if e.Entry != "" {
		parts = append(parts, "entry "+e.Entry)
	}
	s := strings.Join(append(parts, e.Err.Error()), ": ")
	if e.Do != "" {
		s += "; " + e.Do
	}
	return s
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }
