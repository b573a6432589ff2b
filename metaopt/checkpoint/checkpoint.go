package checkpoint

import (
	"errors"
	"fmt"
	"io"
	"os"

	"metaplast/data/durable"
	"metaplast/data/regular"
	"metaplast/metaopt/optim"
)

// Checkpoint is all that a run needs to go on as if it had never stopped.
//
// It is one file, an NPZ archive that numpy.load reads, with one entry more:
//
//	state.json                         everything that is not an array
//	<learner>/<segment>.npy            parameters, also of fixed segments
//	<learner>/<vector>/<segment>.npy   what the optimiser remembers, learned segments only: adam_m and
//	                                   adam_v of Adam
//
// all float64, bit by bit, NaN payloads and negative zeros included. The archive's comment
// ends in the SHA-256 of all bytes before it. There is no random state beyond Seed and Step,
// because every random stream is keyed by them.
type Checkpoint struct {
	// Fingerprint is the SHA-256 of the configuration, as made by the caller, of whatever
	// determines the run; what does not (workers, folders) has no place in it.
	Fingerprint  string
	Seed         uint64
	Step         int  // meta-steps completed: the next one has this index
	ScheduleStep int  // what the next meta-step asks its schedule for
	Unlogged     int  // meta-steps since the last that has records of KindTrain; see Settings.LogEvery
	Pending      bool // the evaluation that is due after Step was interrupted, and is still to be done
	Learners     []Learner
}

// Learner is the part of a checkpoint that belongs to one learner.
//
//	Theta  [len θ]  meta-parameters, laid out by Layout
//	Optimizer       its state: vectors [len θ], 0 in fixed segments. The zero value is none, of
//	                parameters that a run may begin from
type Learner struct {
	Name          string // without "/"
	Layout        []optim.Segment
	Theta         []float64
	Optimizer     optim.State
	DivergedInRow int // episodes that diverged since the last that did not
	Diverged      int // episodes that diverged in the whole run
}

// Save writes c to path, atomically: after an error, or a death at any time, path
// holds what it held before, complete. The file that was there is kept at PreviousPath. The
// caller must hold the lock on the folder, see run.Lock. The bytes depend on c alone, which is
// not modified.
//
// An invalid c is refused before anything is written: vectors that do not fit their layout
// (*fault.Length, ErrLayout), learners of the same name, negative counters, a state in fixed
// segments, which the file has no place for.
func Save(path string, c *Checkpoint) error {
	return saveCheckpoint(path, PreviousPath(path), c)
}

// Rewrite is Save, but does not keep the file that was there.
func Rewrite(path string, c *Checkpoint) error { return saveCheckpoint(path, "", c) }

func saveCheckpoint(path, previous string, c *Checkpoint) error {
	if err := c.validate(); err != nil {
		return fmt.Errorf("checkpoint %s: %w", path, err)
	}
	if err := durable.Replace(path, previous, func(w io.Writer) error { return encodeCheckpoint(w, c) }); err != nil {
		return &Error{Path: path, Reason: "not saved: " + err.Error(), Err: err}
	}
	return nil
}

// Encode writes what Save puts into a file.
func (c *Checkpoint) Encode(w io.Writer) error {
	if err := c.validate(); err != nil {
		return err
	}
	return encodeCheckpoint(w, c)
}

// Load reads the checkpoint at path, with its layouts. It does not know whether
// this is the checkpoint for a given run: see Match.
//
// Every fault is a *Error. Where the file is cut short, altered, or otherwise not
// what Save writes, it wraps ErrDamaged and names the previous checkpoint if that is
// sound. A file that is missing gives fs.ErrNotExist.
func Load(path string) (*Checkpoint, error) {
	c, err := readCheckpoint(path)
	if err == nil {
		return c, nil
	}
	e := &Error{Path: path, Reason: err.Error(), Err: err}
	var p *os.PathError
	if errors.As(err, &p) {
		e.Reason = p.Err.Error()
	}
	if errors.Is(err, ErrDamaged) {
		if _, err := readCheckpoint(PreviousPath(path)); err == nil {
			e.Fallback = PreviousPath(path)
		}
	}
	return nil, e
}

func readCheckpoint(path string) (*Checkpoint, error) {
	f, size, err := regular.Open(path)
	if errors.Is(err, regular.ErrKind) {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return decodeCheckpoint(f, size)
}

// Match checks that c, loaded from path, continues the run that would start at want: the same
// fingerprint and seed, and learners of the same names, order, layouts and optimisers, where
// want has these. Values, steps and
// counters are not compared. The error is a *Error around ErrMismatch that names the
// first difference.
func (c *Checkpoint) Match(path string, want *Checkpoint) error {
	fail := func(format string, args ...any) error {
		const then = "; resume with the configuration saved beside it, or start a new run"
		return &Error{Path: path, Reason: fmt.Sprintf(format, args...) + then, Err: ErrMismatch}
	}
	for i, w := range want.Learners {
		if i >= len(c.Learners) {
			return fail("it has no learner %q", w.Name)
		}
		l := c.Learners[i]
		if l.Name != w.Name {
			return fail("learner %d is %q, want %q", i, l.Name, w.Name)
		}
		for k, s := range w.Layout {
			if k >= len(l.Layout) {
				return fail("learner %q has no segment %q", l.Name, s.Name)
			}
			if !l.Layout[k].Equal(s) {
				return fail("learner %q: segment %d is %v, want %v", l.Name, k, l.Layout[k], s)
			}
		}
		if w.Optimizer.Method != "" && !l.Optimizer.Same(w.Optimizer) {
			return fail("learner %q was trained by %s, want %s", l.Name, l.Optimizer, w.Optimizer)
		}
		if n := len(w.Layout); len(l.Layout) > n {
			return fail("learner %q has a segment %q too many", l.Name, l.Layout[n].Name)
		}
	}
	if n := len(want.Learners); len(c.Learners) > n {
		return fail("it has a learner %q too many", c.Learners[n].Name)
	}
	if c.Seed != want.Seed {
		return fail("seed %d, want %d", c.Seed, want.Seed)
	}
	if c.Fingerprint != want.Fingerprint {
		return fail("it was made with another configuration (fingerprint %.12s…, want %.12s…)", c.Fingerprint, want.Fingerprint)
	}
	return nil
}
