package record

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"metaplast/data/regular"
)

// eventsName is the name of every event file. TensorBoard looks for "tfevents" in it.
const eventsName = "events.out.tfevents.0.metaplast"

// TensorBoard records event files for `tensorboard --logdir DIR`:
//
//	DIR/<learner>/events.out.tfevents.0.metaplast   one per learner
//	DIR/events.out.tfevents.0.metaplast             records without a learner
//
// TensorBoard calls each folder a run and draws the runs in one chart per tag, here
// "kind/metric", so that learners are compared at sight. Values are rounded to float32; NaN
// and infinities stay what they are. Messages and records without metrics are left out.
//
// Source of the format: tensorflow, core/util/event.proto and events_writer.cc.
type TensorBoard struct {
	dir   string
	last  int // what a file is cut to when it is opened
	clock func() time.Time
	files map[string]*logFile // by learner
	count map[string]int      // events of records in them
	order []string            // of opening
	buf   []byte
}

var (
	_ Recorder = (*TensorBoard)(nil)
	_ Flusher  = (*TensorBoard)(nil)
)

// CreateTensorBoard starts new event files below dir, each with its first record. It fails,
// with fs.ErrExist, where there are any. Every event carries the time that clock tells; a
// clock that always tells the same makes the bytes a function of the records.
func CreateTensorBoard(dir string, clock func() time.Time) (*TensorBoard, error) {
	old, err := eventFiles(dir)
	if err != nil {
		return nil, err
	}
	if len(old) > 0 {
		return nil, &fs.PathError{Op: "create", Path: old[0], Err: fs.ErrExist}
	}
	return OpenTensorBoard(dir, -1, clock)
}

// OpenTensorBoard continues the event files below dir from the checkpoint of meta-step last:
// it cuts off the events with a step beyond last, and a half-written end, in all of them; where fewer are
// left than there should be (see Events), Restart and record them once more. A
// *LogError names the place before the cut where a file is damaged.
func OpenTensorBoard(dir string, last int, clock func() time.Time) (*TensorBoard, error) {
	t := &TensorBoard{dir: dir, last: last, clock: clock, files: map[string]*logFile{}, count: map[string]int{}}
	old, err := eventFiles(dir)
	if err != nil {
		return nil, err
	}
	for _, path := range old {
		learner := ""
		if at := filepath.Dir(path); at != filepath.Clean(dir) {
			learner = filepath.Base(at)
		}
		if _, err := t.open(learner); err != nil {
			return nil, errors.Join(err, t.Close())
		}
	}
	return t, nil
}

// eventFiles lists the event files in dir and its folders.
func eventFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var paths []string
	for _, e := range append([]fs.DirEntry{nil}, entries...) {
		path := filepath.Join(dir, eventsName)
		if e != nil {
			path = filepath.Join(dir, e.Name(), eventsName)
		}
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			paths = append(paths, path)
		}
	}
	return paths, nil
}

// open opens, or makes, the file of a learner.
func (t *TensorBoard) open(learner string) (*logFile, error) {
	if l := t.files[learner]; l != nil {
		return l, nil
	}
	if learner == "." || learner == ".." || strings.ContainsAny(learner, `/\`) {
		return nil, fmt.Errorf("%w: learner %q cannot be the name of a folder", ErrRecord, learner)
	}
	dir := filepath.Join(t.dir, learner)
	for _, at := range []string{t.dir, dir} {
		if info, err := os.Lstat(at); err == nil {
			if err := regular.CheckLink(at, info); err != nil {
				return nil, err
			}
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, eventsName)
	events := 0
	l, kept, err := reopenLog(path, func(r *bufio.Reader, size int64) (kept int64, err error) {
		kept, events, err = keepEvents(path, r, size, t.last)
		return kept, err
	})
	if err != nil {
		return nil, err
	}
	if kept == 0 {
		if err := l.append(appendRecord(nil, versionEvent(t.now()))); err != nil {
			return nil, errors.Join(err, l.Close())
		}
	}
	t.files[learner], t.count[learner] = l, max(events-1, 0) // but for that of the version
	t.order = append(t.order, learner)
	return l, nil
}

// now is the clock's time in seconds since 1970.
func (t *TensorBoard) now() float64 { return float64(t.clock().UnixMicro()) / 1e6 }

// Record appends one event with all metrics of r.
func (t *TensorBoard) Record(r Record) error {
	if err := r.check(); err != nil {
		return err
	}
	if len(r.Metrics) == 0 {
		return nil
	}
	l, err := t.open(r.Learner)
	if err != nil {
		return err
	}
	t.buf = appendRecord(t.buf[:0], scalarsEvent(t.now(), r))
	t.count[r.Learner]++
	return l.append(t.buf)
}

// Events is the number of records that a learner's file holds.
func (t *TensorBoard) Events(learner string) int { return t.count[learner] }

// Restart empties all files, so that they can be written anew.
func (t *TensorBoard) Restart() error {
	for _, name := range t.order {
		if err := t.files[name].restart(appendRecord(nil, versionEvent(t.now()))); err != nil {
			return err
		}
		t.count[name] = 0
	}
	return nil
}

// Flush brings all events to the disk.
func (t *TensorBoard) Flush() error {
	var errs []error
	for _, name := range t.order {
		errs = append(errs, t.files[name].Flush())
	}
	return errors.Join(errs...)
}

// Close flushes and closes the files.
func (t *TensorBoard) Close() error {
	var errs []error
	for _, name := range t.order {
		errs = append(errs, t.files[name].Close())
	}
	return errors.Join(errs...)
}
