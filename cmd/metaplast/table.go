package main

import (
	"bytes"
	"fmt"
	"text/tabwriter"

	"metaplast/cmd/metaplast/config"
	"metaplast/data"
	"metaplast/graph"
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
	Ratio         number  `json:"ratio"` // of the means, trained to untrained
	DivergedTrain int     `json:"diverged_train"`
}

// newResult starts a result with all but the measurements.
func newResult(c *config.Config, fingerprint string, step int) result {
	r := result{Name: c.Name, Fingerprint: fingerprint, Seed: c.Seed, Dtype: c.Dtype, Loss: c.Task.Spec().Loss,
		MetaSteps: step, MetaBatch: c.Meta.Batch}
	if c.Task.Classifies() {
		r.Split = data.Validation.String()
	}
	for _, l := range c.Learners {
		r.Learners = append(r.Learners, learnerResult{Learner: l.Name, GradientOrder: order(l.Learner)})
	}
	return r
}

// order is that of the meta-gradient of a learner.
func order(l graph.Learner) int {
	if l.FirstOrder {
		return 1
	}
	return 2
}

// measured puts the measurements of a learner in.
func (l *learnerResult) measured(before, after heldOut, diverged int) {
	l.Untrained, l.Trained, l.DivergedTrain = before, after, diverged
	l.Ratio = after.Mean / before.Mean
}

// resultOf reads the result of a finished run from its metrics.
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
			return r, nil, fmt.Errorf("%s lacks the evaluations before and after the run for learner %s; %s measures again",
				f.metrics(), l.Learner, pasted("eval", f))
		}
		l.measured(s.evals[0], s.evals[len(s.evals)-1], s.diverged)
	}
	return r, metrics, nil
}

// table shows a result to people.
func (r result) table() []byte {
	var b bytes.Buffer
	if r.Learners[0].Trained.Accuracy != nil {
		return r.accuracyTable()
	}
	fmt.Fprintf(&b, "%s: held-out loss (mean squared error) after %d meta-steps\n", r.Name, r.MetaSteps)
	fmt.Fprintf(&b, "mean over %d episodes [95 %% confidence interval], and their median; seed %d, %s\n\n", r.Learners[0].Trained.Episodes, r.Seed, r.Dtype)
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "learner\tuntrained\ttrained\tmedian\tratio\tmeta-gradient\tdiverged: training\theld-out")
	for _, l := range r.Learners {
		fmt.Fprintf(w, "%s\t%s\t%s\t%v\t%.3g\torder %d\t%d/%d\t%d/%d\n", l.Learner, l.Untrained.interval(), l.Trained.interval(), l.Trained.Median, float64(l.Ratio),
			l.GradientOrder, l.DivergedTrain, r.MetaSteps*r.MetaBatch, l.Trained.Diverged, l.Trained.Episodes)
	}
	w.Flush()
	return b.Bytes()
}

// accuracyTable shows the result of classification.
func (r result) accuracyTable() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: accuracy on classes never seen in meta-training (%s), after %d meta-steps\n", r.Name, r.Split, r.MetaSteps)
	fmt.Fprintf(&b, "mean over %d episodes [95 %% confidence interval]; seed %d, %s\n\n", r.Learners[0].Trained.Episodes, r.Seed, r.Dtype)
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "learner\tuntrained\ttrained\tloss\tmeta-gradient\tdiverged: training\theld-out")
	percent := func(h heldOut) string {
		return fmt.Sprintf("%.1f %% [%.1f, %.1f]", 100**h.Accuracy, 100**h.AccuracyLow, 100**h.AccuracyHigh)
	}
	for _, l := range r.Learners {
		fmt.Fprintf(w, "%s\t%s\t%s\t%v\torder %d\t%d/%d\t%d/%d\n", l.Learner, percent(l.Untrained), percent(l.Trained), l.Trained.Mean,
			l.GradientOrder, l.DivergedTrain, r.MetaSteps*r.MetaBatch, l.Trained.Diverged, l.Trained.Episodes)
	}
	w.Flush()
	return b.Bytes()
}

func (h heldOut) interval() string { return fmt.Sprintf("%v [%v, %v]", h.Mean, h.Low, h.High) }
