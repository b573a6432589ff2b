package metaopt

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"metaplast/data/fault"
	"metaplast/data/settings"
	"metaplast/metaopt/optim"
)

// Settings are the outer loop's own.
type Settings struct {
	Steps           int                           // meta-steps of the run, at least 1
	Batch           int                           // episodes per meta-step, at least 1
	Rates           map[string]float64            // learning rate of each group of meta-parameters
	OwnRates        map[string]map[string]float64 // of single learners, by name and group; a group that is missing takes Rates
	Clip            float64                       // bound on the gradient's norm, per learner; 0 means none
	Schedule        optim.Schedule                // of the learning rates; nil means constant ones
	Optimizer       optim.Method                  // what takes the steps; nil means optim.DefaultAdam
	Estimator       Estimation                    // what computes the gradients; nil means Exact
	MaxDiverged     int                           // episodes in a row that may diverge before the run stops; 0 means any number
	EvalEvery       int                           // meta-steps between evaluations; 0 means before and after only
	EvalEpisodes    int                           // held-out episodes of an evaluation, at least 2
	CheckpointEvery int                           // meta-steps between checkpoints, at least 1
	KeepEvery       int                           // meta-steps between checkpoints that are kept for good, see KeptPath; 0 means none
	LogEvery        int                           // meta-steps between records of KindTrain; 0 and 1 mean each. The others are never left out
}

// Validate lists all faults, each with its field.
func (s Settings) Validate() error {
	var faults []error
	for _, n := range []struct {
		name  string
		value int
		least int
	}{
		{"steps", s.Steps, 1}, {"batch", s.Batch, 1}, {"max_diverged", s.MaxDiverged, 0}, {"eval.every", s.EvalEvery, 0},
		{"eval.episodes", s.EvalEpisodes, 2}, {"checkpoint_every", s.CheckpointEvery, 1},
		{"keep_every", s.KeepEvery, 0}, {"log_every", s.LogEvery, 0},
	} {
		if n.value < n.least || n.value > 1<<40 {
			faults = append(faults, fmt.Errorf("%w: %s: %d, want at least %d", fault.ErrSetting, n.name, n.value, n.least))
		}
	}
	if !(s.Clip >= 0) || s.Clip > 1e300 {
		faults = append(faults, fmt.Errorf("%w: clip: %v, want a finite number from 0 (0 means no clipping)", fault.ErrSetting, s.Clip))
	}
	if err := optim.Rates(s.Rates).Validate(); err != nil {
		faults = append(faults, err)
	}
	names := slices.Sorted(maps.Keys(s.OwnRates))
	for _, n := range names {
		if err := optim.Rates(s.OwnRates[n]).Validate(); err != nil {
			faults = append(faults, under("learners."+n+".", err)...)
		}
	}
	for _, part := range []struct {
		path  string
		value any
	}{{"schedule", s.schedule()}, {"optimizer", s.optimizer()}, {"estimator", s.estimation()}} {
		if err := settings.Validate(part.path, part.value); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

func (s Settings) schedule() optim.Schedule {
	if s.Schedule == nil {
		return optim.Constant{}
	}
	return s.Schedule
}

func (s Settings) optimizer() optim.Method {
	if s.Optimizer == nil {
		return optim.DefaultAdam
	}
	return s.Optimizer
}

func (s Settings) estimation() Estimation {
	if s.Estimator == nil {
		return Exact{}
	}
	return s.Estimator
}

// rates are the learning rates of a learner: its own, and the run's for groups without one.
func (s Settings) rates(learner string) map[string]float64 {
	r := maps.Clone(s.Rates)
	if r == nil {
		r = map[string]float64{}
	}
	maps.Copy(r, s.OwnRates[learner])
	return r
}

// under puts a path before the fields that joined faults are about.
func under(path string, err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var faults []error
	for _, e := range joined.Unwrap() {
		text := strings.TrimPrefix(e.Error(), fault.ErrSetting.Error()+": ")
		faults = append(faults, fmt.Errorf("%w: %s%s", fault.ErrSetting, path, text))
	}
	return faults
}
