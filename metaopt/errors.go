package metaopt

import (
	"errors"
	"fmt"
)

// Sentinels; test with errors.Is.
var (
	// ErrInterrupted is returned by Trainer.Run when its context ended. The run is saved and can
	// be resumed.
	ErrInterrupted = errors.New("interrupted")
	// ErrNonFinite: NaN, an infinity, or a value whose square is one. See NonFiniteError.
	ErrNonFinite = errors.New("non-finite value")
	// ErrLayout: segments that overlap, leave gaps, or share a name.
	ErrLayout = errors.New("bad layout")
	// ErrRunInUse: another process holds the run folder. See RunInUseError.
	ErrRunInUse = errors.New("run folder in use")
	// ErrDamaged: a checkpoint that is cut short or altered. See CheckpointError.
	ErrDamaged = errors.New("damaged")
	// ErrMismatch: a sound checkpoint of another configuration. See CheckpointError.
	ErrMismatch = errors.New("checkpoint of another run")
	// ErrLog: a log of metrics that cannot be continued. See LogError.
	ErrLog = errors.New("damaged log")
	// ErrRecord: a record that a recorder cannot represent.
	ErrRecord = errors.New("bad record")
)

// NonFiniteError says which element of a flat vector is NaN, infinite, or too large to square.
type NonFiniteError struct {
	What    string  // the vector, such as "gradient"
	Segment string  // the array it lies in; empty where no layout is known
	Index   int     // of the element, in the segment or else in the vector
	Value   float64 // what was found
}

func (e *NonFiniteError) Error() string {
	if e.Segment == "" {
		return fmt.Sprintf("%v in the %s: element %d is %v", ErrNonFinite, e.What, e.Index, e.Value)
	}
	return fmt.Sprintf("%v in the %s: element %d of %s is %v", ErrNonFinite, e.What, e.Index, e.Segment, e.Value)
}

// Is reports ErrNonFinite.
func (e *NonFiniteError) Is(target error) bool { return target == ErrNonFinite }

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

// LogError says where a log of metrics is damaged, so that a resumed run cannot continue it.
type LogError struct {
	Path   string
	Place  string // such as "line 12" or "byte 340"
	Reason string
}

func (e *LogError) Error() string {
	return fmt.Sprintf("log %s: %s: %s; move the file away to go on without the records in it", e.Path, e.Place, e.Reason)
}

// Is reports ErrLog.
func (e *LogError) Is(target error) bool { return target == ErrLog }
