package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"time"

	"metaplast/data/regular"
)

// start is an entry of environment.json.
type start struct {
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
func (s start) String() string {
	took := ""
	if s.Seconds > 0 { // it is not known of older starts
		took = fmt.Sprintf(", %.1f s to meta-step %d", s.Seconds, s.Until)
	}
	return fmt.Sprintf("%s, meta-step %d: metaplast %s, %s, %s, %d CPUs, %d workers, blas %s (%s)%s",
		s.Time.Format("2006-01-02 15:04 UTC"), s.Step, s.Version, s.Go, s.System, s.CPUs, s.Workers, s.BLAS, s.Kernels, took)
}

// starts reads environment.json; nil if it is not there or not readable, for it is only a note.
func (f folder) starts() []start {
	var starts []start
	if text, err := regular.Read(f.path("environment.json"), maxNotes); err == nil {
		if err := json.Unmarshal(text, &starts); err != nil {
			return nil
		}
	}
	return starts
}

// seconds is the wall-clock time of all starts together.
func seconds(starts []start) float64 {
	sum := 0.0
	for _, s := range starts {
		sum += s.Seconds
	}
	return sum
}

// noteEvery is how often the time of a start is noted while it lasts.
const noteEvery = 30 * time.Second

// stopwatch is the entry of environment.json of the start under way.
type stopwatch struct {
	dir   folder
	all   []start
	began time.Time
	noted time.Time
}

// note adds this start to environment.json.
func (r *job) note(remat, step int) (*stopwatch, error) {
	v := thisVersion()
	now := time.Now()
	w := &stopwatch{dir: r.dir, began: now}
	w.all = append(r.dir.starts(), start{Version: v.Version, Go: v.Go, System: v.System, CPUs: runtime.NumCPU(), CPU: processor(),
		Workers: r.workers, Remat: remat, BLAS: v.BLAS, Kernels: v.Kernels, Tiles: v.Tiles, Step: step,
		Time: now.UTC().Truncate(time.Second), From: r.originPath})
	return w, w.write(step)
}

// write notes the time until a meta-step.
func (w *stopwatch) write(step int) error {
	w.noted = time.Now()
	s := &w.all[len(w.all)-1]
	s.Until, s.Seconds = step, w.noted.Sub(w.began).Seconds()
	text, err := encodeJSON(w.all)
	if err != nil {
		return err
	}
	return w.dir.write("environment.json", text)
}

// tick is write where it is due.
func (w *stopwatch) tick(step int) error {
	if time.Since(w.noted) < noteEvery {
		return nil
	}
	return w.write(step)
}
