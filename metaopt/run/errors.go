package run

import (
	"errors"
	"fmt"
)

// Sentinels; test with errors.Is.
var (
	// ErrInUse: another process holds the run folder. See InUseError.
	ErrInUse = errors.New("run folder in use")
)

// InUseError says which process holds a run folder.
type InUseError struct {
	Path string // the folder
	PID  int    // the process that holds it, as it told; 0 where it did not
}

func (e *InUseError) Error() string {
	who := "another process"
	if e.PID > 0 {
		who = fmt.Sprintf("process %d", e.PID)
	}
	return fmt.Sprintf("%v: %s is held by %s; wait for it to end or choose another folder", ErrInUse, e.Path, who)
}

// Is reports ErrInUse.
func (e *InUseError) Is(target error) bool { return target == ErrInUse }
