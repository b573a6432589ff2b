package run

import (
	"errors"
	"fmt"
)

// Sentinels; test with errors.Is.
var (
	// ErrInUse: another process holds the run folder. See InUseError.
	ErrInUse = errors.New("run folder in use")
	// ErrDone: Train was called for a second time.
	ErrDone = errors.New("the run was trained already since it was opened: close it, and reopen it to go on")
	// ErrUnfinished: Result was called before the last meta-step.
	ErrUnfinished = errors.New("the run is not trained to its end")
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

// Reason is why a folder cannot be used as was asked.
type Reason int

// The reasons.
const (
	NoFolder  Reason = iota + 1 // there is none
	NotEmpty                    // it has other things in it than a run
	HasRun                      // a new run is to be put where there is one: reopen that
	Altered                     // its configuration is not what the run was trained with
	OtherData                   // the data set is not what the run was trained on
	Diverged                    // the run stopped because a learner diverged: its parameters are of no use, those of checkpoint.SoundPath are
	Gap                         // records are missing; see GapError and Options.AcceptGap
)

// FolderError says that a folder cannot be used as was asked. Callers can tell by Reason what to
// advise.
type FolderError struct {
	Folder Folder
	Reason Reason
	Err    error
}

func (e *FolderError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *FolderError) Unwrap() error { return e.Err }

// refused is a FolderError with a text.
func (f Folder) refused(why Reason, format string, args ...any) error {
	return &FolderError{Folder: f, Reason: why, Err: fmt.Errorf(format, args...)}
}

// StepError says that a run has kept no checkpoint of a meta-step.
type StepError struct {
	Folder Folder
	Step   int
	Kept   []int // of which it has
}

func (e *StepError) Error() string {
	return fmt.Sprintf("%s has no checkpoint of meta-step %d, but of %v; meta.keep_every says which are kept", e.Folder, e.Step, e.Kept)
}
