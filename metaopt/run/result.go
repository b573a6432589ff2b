package run

import (
	"errors"
	"fmt"
	"math"

	"metaplast/data"
	"metaplast/metaopt/config"
	"metaplast/metaopt/measure"
)

// Result is what a run has come to: result.json, and what the commands train and eval print.
type Result struct {
	Name        string          `json:"name"`
	Fingerprint string          `json:"fingerprint"` // of the configuration
	Seed        uint64          `json:"seed"`
	Dtype       string          `json:"dtype"`
	Loss        string          `json:"loss"`
	Split       string          `json:"split,omitempty"` // classes of the evaluation: validation or heldout; of classification only
	MetaSteps   int             `json:"meta_steps"`
	MetaBatch   int             `json:"meta_batch"`
	Learners    []LearnerResult `json:"learners"`
}

// LearnerResult is what one learner has come to.
type LearnerResult struct {
	Learner       string         `json:"learner"`
	GradientOrder int            `json:"meta_gradient_order"`
	Untrained     HeldOut        `json:"untrained"`
	Trained       HeldOut        `json:"trained"`
	Ratio         measure.Number `json:"ratio"` // of the medians, trained to untrained; see ratio
	DivergedTrain int            `json:"diverged_train"`
}

// NewResult starts a result with all but the measurements.
func NewResult(c *config.Config, fingerprint string, step int) Result {
	r := Result{Name: c.Name, Fingerprint: fingerprint, Seed: c.Seed, Dtype: c.Dtype, Loss: c.Task.Spec().Loss,
		MetaSteps: step, MetaBatch: c.Meta.Batch}
	if c.Task.Scoring().Splits != nil {
		r.Split = data.Validation.String()
	}
	for _, l := range c.Learners {
		r.Learners = append(r.Learners, LearnerResult{Learner: l.Name, GradientOrder: l.Learner.Order()})
	}
	return r
}

// Measured puts the measurements of a learner in.
func (l *LearnerResult) Measured(before, after HeldOut, diverged int) {
	l.Untrained, l.Trained, l.DivergedTrain = before, after, diverged
	l.Ratio = ratio(before.Median, after.Median)
}

// ratio is that of the median losses. Medians are over all episodes, one that diverged counting as
// +Inf, so that both are over the same ones: means leave out those that diverged, which before and
// after meta-training are others. It is NaN where most episodes diverged before, +Inf where they do
// only after.
func ratio(before, after measure.Number) measure.Number {
	if math.IsInf(float64(before), 0) {
		return measure.Number(math.NaN())
	}
	return after / before
}

// errUnmeasured says that metrics.jsonl has lost an evaluation that a result is made from.
var errUnmeasured = errors.New("lacks the evaluations before or after the run of learner")

// resultOf reads the result of a finished run from its metrics. The error is errUnmeasured if they
// lack an evaluation; all else is then there.
func resultOf(f Folder, c *config.Config) (Result, map[string]*Series, error) {
	fingerprint, err := c.Fingerprint()
	if err != nil {
		return Result{}, nil, err
	}
	r := NewResult(c, fingerprint, c.Meta.Steps)
	metrics, err := ReadMetrics(f.Metrics())
	if err != nil {
		return r, nil, err
	}
	for i := range r.Learners {
		l := &r.Learners[i]
		s := metrics[l.Learner]
		if s == nil || len(s.Evals) < 2 || s.Evals[0].Step != 0 || s.Evals[len(s.Evals)-1].Step != c.Meta.Steps {
			return r, metrics, fmt.Errorf("%s %w %s", f.Metrics(), errUnmeasured, l.Learner)
		}
		l.Measured(s.Evals[0], s.Evals[len(s.Evals)-1], s.Diverged)
	}
	return r, metrics, nil
}
