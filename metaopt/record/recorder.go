package record

import (
	"errors"
	"fmt"
)

// The kinds of records that the outer loop makes. Others are legal.
const (
	KindTrain    = "train"    // the outer loss and gradient of a meta-step
	KindEval     = "eval"     // held-out episodes
	KindDiverged = "diverged" // an episode with a non-finite loss or gradient
	KindGap      = "gap"      // a run that went on without the records up to this step; only Step and Message
)

// Metric is one number with its name, which carries the unit and the aggregation where there
// is one: "loss", "grad_norm", "query_mse_mean".
type Metric struct {
	Name  string
	Value float64 // may be NaN or infinite
}

// Record is what is to be told about one learner at one point of a run.
type Record struct {
	Step    int      // meta-steps completed, from 0
	Kind    string   // one of the kinds above
	Learner string   // empty for what concerns the whole run
	Metrics []Metric // in order; no name twice
	Message string   // such as where an episode diverged; mostly empty
}

// Recorder takes the one stream of records of a run somewhere. The outer loop calls Record,
// from one goroutine, with steps that never decrease, and Close once at the end, also when
// the run failed. Record must not keep or modify the metrics.
//
// A recorder of a file puts every record into it by one write before Record returns, so what
// was recorded survives the death of the process (kill -9). What survives the death of the
// machine is what was there at the last Flush; see Flusher.
//
// Resuming. A file is continued from the last checkpoint, of step s: everything with a step
// beyond s, and a half-written end, is cut off when it is opened again. The resumed run then
// writes the same records once more, so that the file has the bytes of a run that was never
// interrupted. For this to be true, the outer loop
//
//   - records everything of steps ≤ s, and calls Flush, before it saves the checkpoint of s;
//   - after that records only steps > s, in the same run or a resumed one;
//   - keeps what is not a function of seed and step, such as times, out of the records.
type Recorder interface {
	Record(Record) error
	Close() error
}

// Flusher is implemented by recorders that can bring their records safely to the disk.
type Flusher interface {
	Flush() error
}

// Multi hands every record to several recorders, in order. An error of one keeps it from none
// of the others; the errors are joined. The zero value drops everything.
type Multi []Recorder

var (
	_ Recorder = Multi{}
	_ Flusher  = Multi{}
)

// Record records r everywhere.
func (m Multi) Record(r Record) error {
	var errs []error
	for _, to := range m {
		errs = append(errs, to.Record(r))
	}
	return errors.Join(errs...)
}

// Flush flushes those that are Flushers.
func (m Multi) Flush() error {
	var errs []error
	for _, to := range m {
		if f, ok := to.(Flusher); ok {
			errs = append(errs, f.Flush())
		}
	}
	return errors.Join(errs...)
}

// Close closes all.
func (m Multi) Close() error {
	var errs []error
	for _, to := range m {
		errs = append(errs, to.Close())
	}
	return errors.Join(errs...)
}

// check refuses what a file of records could not be read back from.
func (r Record) check() error {
	if r.Step < 0 {
		return fmt.Errorf("%w: step %d, want from 0", ErrRecord, r.Step)
	}
	for i, m := range r.Metrics {
		if m.Name == "" {
			return fmt.Errorf("%w: step %d: metric %d has no name", ErrRecord, r.Step, i)
		}
		for _, o := range r.Metrics[:i] {
			if o.Name == m.Name {
				return fmt.Errorf("%w: step %d: metric %q twice", ErrRecord, r.Step, m.Name)
			}
		}
	}
	return nil
}
