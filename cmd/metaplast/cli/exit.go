package cli

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"metaplast/data/fault"
	"metaplast/data/regular"
	"metaplast/data/suggest"
	"metaplast/metaopt"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/config"
	"metaplast/metaopt/record"
	"metaplast/metaopt/run"
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
	if err == nil {
		return nil
	}
	return &codedError{exitUsage, err}
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
	for _, e := range config.Faults(err) {
		u.notef("%s", strings.TrimRight(e.Error(), "\n"))
	}
}
