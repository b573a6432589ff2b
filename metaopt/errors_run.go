package metaopt

import (
	"errors"
	"fmt"
)

// Sentinels; test with errors.Is.
var (
	// ErrRunInUse: another process holds the run folder. See RunInUseError.
	ErrRunInUse = errors.New("run folder in use")
)

// RunInUseError says which process holds a run folder.
type RunInUseError struct {
	Path string // the folder
	PID  int    // the process that holds it, as it told; 0 where it did not
}

func (e *RunInUseError) Error() string {
	who := "another process"
	if e.PID > 0 {
		who = fmt.Sprintf("process %d", e.PID)
	}
	return fmt.Sprintf("%v: %s is held by %s; wait for it to end or choose another folder", ErrRunInUse, e.Path, who)
}

// Is reports ErrRunInUse.
func (e *RunInUseError) Is(target error) bool { return target == ErrRunInUse }
