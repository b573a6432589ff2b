package run

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"metaplast/data/regular"
	"metaplast/graph/blas"
	"metaplast/graph/op"
)

// Start is an entry of environment.json.
type Start struct {
	Version string    `json:"version"`
	Go      string    `json:"go"`
	System  string    `json:"system"`
	CPUs    int       `json:"cpus"`
	CPU     string    `json:"cpu"` // what the processor calls itself
	Workers int       `json:"workers"`
	Remat   int       `json:"remat"`
	BLAS    string    `json:"blas"`
	Kernels string    `json:"blas_kernels"`
	Tiles   string    `json:"tiles"`
	Step    int       `json:"meta_step"` // that it began after
	Time    time.Time `json:"time"`
	From    string    `json:"from,omitempty"` // run or checkpoint that the parameters of the first start come from
	Until   int       `json:"until_meta_step"`
	Seconds float64   `json:"seconds"` // wall clock, evaluations included, until then; what a death cuts off is missing
}

// String is a line about a start.
func (s Start) String() string {
	took := ""
	if s.Seconds > 0 { // it is not known of older starts
		took = fmt.Sprintf(", %.1f s to meta-step %d", s.Seconds, s.Until)
	}
	return fmt.Sprintf("%s, meta-step %d: metaplast %s, %s, %s, %d CPUs, %d workers, blas %s (%s)%s",
		s.Time.Format("2006-01-02 15:04 UTC"), s.Step, s.Version, s.Go, s.System, s.CPUs, s.Workers, s.BLAS, s.Kernels, took)
}

// Starts reads environment.json; nil if it is not there or not readable, for it is only a note.
func (f Folder) Starts() []Start {
	var starts []Start
	if text, err := regular.Read(f.Path("environment.json"), MaxDocument); err == nil {
		if err := json.Unmarshal(text, &starts); err != nil {
			return nil
		}
	}
	return starts
}

// Seconds is the wall-clock time of all starts together.
func Seconds(starts []Start) float64 {
	sum := 0.0
	for _, s := range starts {
		sum += s.Seconds
	}
	return sum
}

// Facts are what environment.json tells of the program and the machine that a run is computed with.
type Facts struct {
	Version string // of the program
	Go      string
	System  string
	CPUs    int
	CPU     string // what the processor calls itself
	Kernels string // what the library of matrix products says of itself
}

// noteEvery is how often the time of a start is noted while it lasts.
const noteEvery = 30 * time.Second

// stopwatch is the entry of environment.json of the start under way; nil where there is no clock.
type stopwatch struct {
	dir   Folder
	now   func() time.Time
	all   []Start
	began time.Time
	noted time.Time
}

// watchStart adds this start to environment.json.
func (r *Run) watchStart() (*stopwatch, error) {
	if r.Now == nil {
		return nil, nil
	}
	now := r.Now()
	s := Start{Version: r.Facts.Version, Go: r.Facts.Go, System: r.Facts.System, CPUs: r.Facts.CPUs, CPU: r.Facts.CPU,
		Workers: r.Workers, Remat: r.trainer.Remat(), BLAS: blas.InUse(), Kernels: r.Facts.Kernels, Tiles: op.Tiles(), Step: r.trainer.Step(),
		Time: now.UTC().Truncate(time.Second)}
	if r.From != nil {
		s.From = r.From.Path
	}
	w := &stopwatch{dir: r.dir, now: r.Now, began: now, all: append(r.dir.Starts(), s)}
	return w, w.write(s.Step)
}

// write notes the time until a meta-step.
func (w *stopwatch) write(step int) error {
	if w == nil {
		return nil
	}
	w.noted = w.now()
	s := &w.all[len(w.all)-1]
	s.Until, s.Seconds = step, w.noted.Sub(w.began).Seconds()
	text, err := EncodeJSON(w.all)
	if err != nil {
		return err
	}
	return w.dir.Write("environment.json", text)
}

// tick is write where it is due.
func (w *stopwatch) tick(step int) error {
	if w == nil || w.now().Sub(w.noted) < noteEvery {
		return nil
	}
	return w.write(step)
}

// otherRounding says that a run goes on with another library, or other instructions, than it was
// begun with.
func (r *Run) otherRounding() {
	starts := r.dir.Starts()
	if len(starts) == 0 {
		return
	}
	last := starts[len(starts)-1]
	if was, is := last.BLAS, blas.InUse(); was != "" && was != is {
		r.notef("the run was computed with %s so far and goes on with %s: the same to rounding, not bit for bit (%s=%s)", was, is, blas.Variable, was)
	}
	if was, is := last.Tiles, op.Tiles(); was != "" && was != is {
		again := "not on this processor"
		if set := op.KernelSetOf(was); slices.Contains(op.KernelSets(), set) {
			again = op.KernelsVariable + "=" + set
		}
		r.notef("the run's kernels were %s so far and are %s now: the same to rounding, not bit for bit (%s)", was, is, again)
	}
}
