package fault

// Input marks an error as one of what was given, a file, a folder or a setting, and not of the work:
// it was found before any was done, and nothing was written. Its text is that of Err.
type Input struct{ Err error }

func (e *Input) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *Input) Unwrap() error { return e.Err }

// Given marks an error as an Input; nil stays nil.
func Given(err error) error {
	if err == nil {
		return nil
	}
	return &Input{err}
}
