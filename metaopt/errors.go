package metaopt

import "errors"

// Sentinels; test with errors.Is.
var (
	// ErrInterrupted is returned by Trainer.Run when its context ended. The run is saved and can
	// be resumed.
	ErrInterrupted = errors.New("interrupted")
)
