package metaopt

import (
	"errors"
	"fmt"
)

// Sentinels; test with errors.Is.
var (
	// ErrDamaged: a checkpoint that is cut short or altered. See CheckpointError.
	ErrDamaged = errors.New("damaged")
	// ErrMismatch: a sound checkpoint of another configuration. See CheckpointError.
	ErrMismatch = errors.New("checkpoint of another run")
)

// CheckpointError says why a checkpoint cannot be used, and what can be done.
type CheckpointError struct {
	Path   string
	Reason string // what is wrong; for a mismatch, also what to do
	// Fallback is the previous checkpoint where Path is damaged and that one is sound.
	Fallback string
	Err      error // ErrDamaged, ErrMismatch, or what the file system said
}

func (e *CheckpointError) Error() string {
	s := fmt.Sprintf("checkpoint %s: %s", e.Path, e.Reason)
	if e.Fallback != "" {
		s += fmt.Sprintf("; the one before it is sound: rename %s to %s and resume", e.Fallback, e.Path)
	}
	return s
}

// Unwrap returns Err.
func (e *CheckpointError) Unwrap() error { return e.Err }
