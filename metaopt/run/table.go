package run

import (
	"bytes"
	"fmt"
	"text/tabwriter"

	"metaplast/metaopt/evaluate"
)

// Table shows a result to people, in lines of at most 80 characters for learners with names of up to
// 16: the means, then what is beside them.
func (r Result) Table() []byte {
	var b bytes.Buffer
	first := r.Learners[0].Trained
	show := func(h HeldOut) string { return evaluate.Interval{Mean: h.Mean, Low: h.Low, High: h.High}.String() }
	beside := "median loss"
	if first.Accuracy != nil {
		fmt.Fprintf(&b, "%s: accuracy on classes never seen in\nmeta-training (%s), after %d meta-steps; seed %d, %s\n", r.Name, r.Split, r.MetaSteps, r.Seed, r.Dtype)
		fmt.Fprintf(&b, "percent: mean over %d episodes [95 %% confidence interval]\n\n", first.Episodes)
		show = func(h HeldOut) string {
			return evaluate.Interval{Mean: *h.Accuracy, Low: *h.AccuracyLow, High: *h.AccuracyHigh}.Percent()
		}
		beside = "median loss (cross-entropy)"
	} else {
		fmt.Fprintf(&b, "%s: held-out loss (mean squared error) after %d meta-steps\n", r.Name, r.MetaSteps)
		fmt.Fprintf(&b, "mean over %d episodes [95 %% confidence interval]; seed %d, %s\n\n", first.Episodes, r.Seed, r.Dtype)
	}
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "learner\tuntrained\ttrained")
	for _, l := range r.Learners {
		fmt.Fprintf(w, "%s\t%s\t%s\n", l.Learner, show(l.Untrained), show(l.Trained))
	}
	w.Flush()
	fmt.Fprintf(&b, "\n%s, and ratio of the two; episodes that diverged,\nof %d in training and %d held out; order of the meta-gradient\n\n", beside, r.MetaSteps*r.MetaBatch, first.Episodes)
	w = tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "learner\tuntrained\ttrained\tratio\ttraining\theld out\torder")
	for _, l := range r.Learners {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%d\t%d\n", l.Learner, l.Untrained.Median.Brief(), l.Trained.Median.Brief(), l.Ratio.Brief(),
			l.DivergedTrain, l.Trained.Diverged, l.GradientOrder)
	}
	w.Flush()
	return b.Bytes()
}
