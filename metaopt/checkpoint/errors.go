package checkpoint

import (
	"errors"
	"fmt"
)

// Sentinels; test with errors.Is.
var (
	// ErrDamaged: a checkpoint that is cut short or altered. See Error.
	ErrDamaged = errors.New("damaged")
	// ErrMismatch: a sound checkpoint of another configuration. See Error.
	ErrMismatch = errors.New("checkpoint of another run")
)

// Error says why a checkpoint cannot be used, and what can be done.
type Error struct {
	Path   string
	Reason string // what is wrong; for a mismatch, also what to do
	// Fallback is the previous checkpoint where Path is damaged and that one is sound.
	Fallback string
	Err      error // ErrDamaged, ErrMismatch, or what the file system said
}

func (e *Error) Error() string {
	s := fmt.Sprintf("checkpoint %s: %s", e.Path, e.Reason)
	if e.Fallback != "" {
		s += fmt.Sprintf("; the one before it is sound: rename %s to %s and resume", e.Fallback, e.Path)
	}
	return s
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }
