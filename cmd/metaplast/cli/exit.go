package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"metaplast/cmd/metaplast/invocation"
	"metaplast/data/fault"
	"metaplast/data/regular"
	"metaplast/data/suggest"
	"metaplast/metaopt"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/config"
	"metaplast/metaopt/record"
	"metaplast/metaopt/run"
	"metaplast/metaopt/study"
)

// The exit codes.
const (
	exitOK          = 0
	exitFailed      = 1   // the work was begun and could not be finished
	exitUsage       = 2   // wrong usage, configuration or input; nothing was written
	exitCheck       = 3   // a derivative check failed
	exitInterrupted = 130 // stopped by a signal, after a checkpoint
)

// codedError is an error with its exit code.
type codedError struct {
	code int
	err  error
}

func (e *codedError) Error() string { return e.err.Error() }
func (e *codedError) Unwrap() error { return e.err }

// usagef is an error in how the program was called.
func usagef(format string, args ...any) error {
	return &codedError{exitUsage, fmt.Errorf(format, args...)}
}

// badInput marks an error as one of what the program was given.
func badInput(err error) error {
	return fault.Given(err)
}

// exitCode returns the code that a command's error ends the program with.
func exitCode(err error) int {
	var coded *codedError
	var unknown *suggest.UnknownError
	var memory *metaopt.MemoryError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &coded):
		return coded.code
	case errors.Is(err, metaopt.ErrInterrupted):
		return exitInterrupted
	case errors.As(err, new(*fault.Input)):
		return exitUsage
	case errors.Is(err, run.ErrInUse), errors.Is(err, checkpoint.ErrDamaged), errors.Is(err, checkpoint.ErrMismatch),
		errors.Is(err, record.ErrLog), errors.Is(err, regular.ErrLink), errors.Is(err, regular.ErrKind),
		errors.Is(err, fault.ErrSetting), errors.As(err, &unknown), errors.As(err, &memory):
		return exitUsage
	}
	return exitFailed
}

// report prints an error, a line for each fault that it joins.
func (u *ui) report(err error) {
	if errors.Is(err, syscall.EPIPE) {
		return // who has stopped reading does not want to hear of it
	}
	var coded *codedError
	if errors.As(err, &coded) && coded.Error() == err.Error() {
		err = coded.err
	}
	var input *fault.Input
	if errors.As(err, &input) && input.Error() == err.Error() {
		err = input.Err
	}
	for _, e := range config.Faults(err) {
		u.notef("%s", strings.TrimRight(advised(e), "\n"))
	}
}

// advised is the text of an error, and what to do about a folder that it is about.
func advised(err error) string {
	var e *run.FolderError
	if !errors.As(err, &e) {
		return err.Error()
	}
	f, advice := e.Folder, ""
	switch e.Reason {
	case run.NoFolder:
		advice = elsewhere(f)
	case run.NotEmpty:
		advice = " with --out"
	case run.HasRun:
		advice = "; go on with it by " + invocation.Command("train", "--resume", f) + ", or choose another folder with --out"
	case run.Altered, run.OtherData:
		advice = ": " + invocation.Command("train", "--config", run.Folder(f.ConfigFile()), "--out DIR")
	case run.Diverged:
		advice = ": --from " + checkpoint.SoundPath(f.Checkpoint())
	case run.Gap:
		advice = ": " + invocation.Command("train", "--resume", f, "--accept-gap")
	}
	return err.Error() + advice
}

// elsewhere asks whether another folder was meant, where one does not exist: one below runs, where
// train and study put theirs.
func elsewhere(f run.Folder) string {
	if filepath.IsAbs(string(f)) {
		return ""
	}
	for _, below := range []string{"runs", filepath.Join("runs", "studies")} {
		there := run.Folder(filepath.Join(below, string(f)))
		for _, path := range []string{there.ConfigFile(), there.Path(study.File)} {
			if _, err := os.Stat(path); err == nil {
				return fmt.Sprintf(": did you mean %s?", there)
			}
		}
	}
	return ""
}
