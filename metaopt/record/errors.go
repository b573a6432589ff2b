package record

import (
	"errors"
	"fmt"
)

// Sentinels; test with errors.Is.
var (
	// ErrLog: a log of metrics that cannot be continued. See LogError.
	ErrLog = errors.New("damaged log")
	// ErrRecord: a record that a recorder cannot represent.
	ErrRecord = errors.New("bad record")
)

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
