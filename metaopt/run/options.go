package run

import (
	"fmt"
	"time"

	"metaplast/data"
	"metaplast/metaopt"
	"metaplast/metaopt/config"
)

// Options say how a run is computed and whom it tells. None of them changes its results, but From and
// Set, which change what is computed. The zero value is one thread, any memory, and silence.
type Options struct {
	Workers int   // threads; 0 means 1
	Remat   int   // see metaopt.Plan
	Memory  int64 // bytes that the run may use; 0 means any number

	// Sampler is what the episodes of the run are drawn from, where it has been made already; nil
	// means that it is made of the task of the configuration. It must be that task's.
	Sampler data.Sampler
	// Moved is how people name another folder of the run's data set, in errors; empty means by
	// task.dir.
	Moved string

	From      *Origin  // of Create: parameters to begin from, instead of those of the seed
	Set       []string // of Reopen: changes of the configuration; see config.Extend
	AcceptGap bool     // of Reopen: go on although metrics.jsonl lacks records, which is noted in it

	Facts Facts            // what environment.json tells of the program and the machine
	Now   func() time.Time // the clock; nil leaves out what has times in it: environment.json and the files for TensorBoard

	Progress func(metaopt.Progress) // told after each meta-step and evaluation, by the goroutine of Train; may be nil
	Note     func(text string)      // told what is odd and stops nothing; may be nil

	// Figures draws what is put beside result.json, such as a learning curve. Its files must be
	// functions of what it is given. It may be nil.
	Figures func(*config.Config, map[string]*Series) ([]File, error)
}

// File is a file of a run folder.
type File struct {
	Name string
	Text []byte
}

func (o *Options) notef(format string, args ...any) {
	if o.Note != nil {
		o.Note(fmt.Sprintf(format, args...))
	}
}
