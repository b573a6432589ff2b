package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"metaplast/data"
	"metaplast/metaopt/config"
)

// result is what a run has come to: result.json, and what train and eval print.
type result struct {
	Name        string          `json:"name"`
	Fingerprint string          `json:"fingerprint"` // of the configuration
	Seed        uint64          `json:"seed"`
	Dtype       string          `json:"dtype"`
	Loss        string          `json:"loss"`
	Split       string          `json:"split,omitempty"` // classes of the evaluation: validation or heldout; of classification only
	MetaSteps   int             `json:"meta_steps"`
	MetaBatch   int             `json:"meta_batch"`
	Learners    []learnerResult `json:"learners"`
}

type learnerResult struct {
	Learner       string  `json:"learner"`
	GradientOrder int     `json:"meta_gradient_order"`
	Untrained     heldOut `json:"untrained"`
	Trained       heldOut `json:"trained"`
	Ratio         number  `json:"ratio"` // of the medians, trained to untrained; see ratio
	DivergedTrain int     `json:"diverged_train"`
}

// newResult starts a result with all but the measurements.
func newResult(c *config.Config, fingerprint string, step int) result {
	r := result{Name: c.Name, Fingerprint: fingerprint, Seed: c.Seed, Dtype: c.Dtype, Loss: c.Task.Spec().Loss,
		MetaSteps: step, MetaBatch: c.Meta.Batch}
	if c.Task.Scoring().Splits != nil {
		r.Split = data.Validation.String()
	}
	for _, l := range c.Learners {
		r.Learners = append(r.Learners, learnerResult{Learner: l.Name, GradientOrder: l.Learner.Order()})
	}
	return r
}

// measured puts the measurements of a learner in.
func (l *learnerResult) measured(before, after heldOut, diverged int) {
	l.Untrained, l.Trained, l.DivergedTrain = before, after, diverged
	l.Ratio = ratio(before.Median, after.Median)
}

// ratio is that of the median losses. Medians are over all episodes, one that diverged counting as
// +Inf, so that both are over the same ones: means leave out those that diverged, which before and
// after meta-training are others. It is NaN where most episodes diverged before, +Inf where they do
// only after.
func ratio(before, after number) number {
	if math.IsInf(float64(before), 0) {
		return number(math.NaN())
	}
	return after / before
}

// errUnmeasured says that metrics.jsonl has lost an evaluation that a result is made from.
var errUnmeasured = errors.New("lacks the evaluations before or after the run of learner")

// resultOf reads the result of a finished run from its metrics. The error is errUnmeasured if they
// lack an evaluation; all else is then there.
func resultOf(f folder, c *config.Config) (result, map[string]*series, error) {
	fingerprint, err := c.Fingerprint()
	if err != nil {
		return result{}, nil, err
	}
	r := newResult(c, fingerprint, c.Meta.Steps)
	metrics, err := readMetrics(f.metrics())
	if err != nil {
		return r, nil, err
	}
	for i := range r.Learners {
		l := &r.Learners[i]
		s := metrics[l.Learner]
		if s == nil || len(s.evals) < 2 || s.evals[0].Step != 0 || s.evals[len(s.evals)-1].Step != c.Meta.Steps {
			return r, metrics, fmt.Errorf("%s %w %s", f.metrics(), errUnmeasured, l.Learner)
		}
		l.measured(s.evals[0], s.evals[len(s.evals)-1], s.diverged)
	}
	return r, metrics, nil
}

// table shows a result to people, in lines of at most 80 characters for learners with names of up to
// 16: the means, then what is beside them.
func (r result) table() []byte {
	var b bytes.Buffer
	first := r.Learners[0].Trained
	show := func(h heldOut) string { return interval{Mean: h.Mean, Low: h.Low, High: h.High}.String() }
	beside := "median loss"
	if first.Accuracy != nil {
		fmt.Fprintf(&b, "%s: accuracy on classes never seen in\nmeta-training (%s), after %d meta-steps; seed %d, %s\n", r.Name, r.Split, r.MetaSteps, r.Seed, r.Dtype)
		fmt.Fprintf(&b, "percent: mean over %d episodes [95 %% confidence interval]\n\n", first.Episodes)
		show = func(h heldOut) string {
			return interval{Mean: *h.Accuracy, Low: *h.AccuracyLow, High: *h.AccuracyHigh}.percent()
		}
		beside = "median loss (cross-entropy)"
	} else {
		fmt.Fprintf(&b, "%s: held-out loss (mean squared error) after %d meta-steps\n", r.Name, r.MetaSteps)
		fmt.Fprintf(&b, "mean over %d episodes [95 %% confidence interval]; seed %d, %s\n\n", first.Episodes, r.Seed, r.Dtype)
	}
	w := columns(&b)
	fmt.Fprintln(w, "learner\tuntrained\ttrained")
	for _, l := range r.Learners {
		fmt.Fprintf(w, "%s\t%s\t%s\n", l.Learner, show(l.Untrained), show(l.Trained))
	}
	w.Flush()
	fmt.Fprintf(&b, "\n%s, and ratio of the two; episodes that diverged,\nof %d in training and %d held out; order of the meta-gradient\n\n", beside, r.MetaSteps*r.MetaBatch, first.Episodes)
	w = columns(&b)
	fmt.Fprintln(w, "learner\tuntrained\ttrained\tratio\ttraining\theld out\torder")
	for _, l := range r.Learners {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%d\t%d\n", l.Learner, l.Untrained.Median.Brief(), l.Trained.Median.Brief(), l.Ratio.Brief(),
			l.DivergedTrain, l.Trained.Diverged, l.GradientOrder)
	}
	w.Flush()
	return b.Bytes()
}

// columns aligns cells that are separated by tabs.
func columns(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 0, 0, 2, ' ', 0) }
