package continual

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"metaplast/data"
	"metaplast/metaopt/measure"
)

// TrajectoryReport is what learners keep of streams of several lengths, as a document.
type TrajectoryReport struct {
	Head
	Shots        int                `json:"shots"` // drawings of a class that are taught
	Query        int                `json:"query"` // and held out
	Runs         int                `json:"runs"`
	Trajectories []TrajectoryResult `json:"trajectories"`
}

// TrajectoryResult is one learner after streams of one length.
type TrajectoryResult struct {
	Classes       int        `json:"classes"`
	Learner       string     `json:"learner"`
	GradientOrder int        `json:"meta_gradient_order"`
	Tuning        *Tuned     `json:"tuning,omitempty"` // nil where none was chosen
	Continual     Accuracies `json:"continual"`
	IID           Accuracies `json:"iid"` // the oracle: the same drawings, shuffled
}

// Tuned is how the rate of a learner was chosen; see Plan.Tune.
type Tuned struct {
	Setting  string           `json:"setting"` // inner rate or hidden scale
	Factor   measure.Number   `json:"factor"`  // on that of the run
	Split    string           `json:"split"`
	Classes  int              `json:"classes"`
	Runs     int              `json:"runs"`
	Tried    []measure.Number `json:"tried"`
	Accuracy []Mean           `json:"accuracy"`         // of each, on held-out drawings
	Seen     bool             `json:"classes_reported"` // whether classes that are reported may be among those that it was chosen on; streams never are
}

// Accuracies is one learner after streams of one kind.
type Accuracies struct {
	HeldOut  Mean `json:"heldout_drawings"`
	Trained  Mean `json:"trained_drawings"`
	Diverged int  `json:"diverged"`
}

// Question is what ReportTrajectories asks: on streams of which lengths, drawn from where.
type Question struct {
	Task    data.Classification // of the run; its bank may have rotations, and rates are chosen on it
	Bank    *data.Bank          // of the streams that are reported
	Split   data.Split          // whose classes these are of
	Lengths []int               // numbers of classes, increasing
	Runs    int                 // streams of each length
	Tune    bool                // choose a rate for every length on validation classes; see Plan.Tune

	Count func(what string) func(done, all int) // makes what is told how far each piece of work is; nil for nothing
}

// stream is a kind of stream of the task.
func (q Question) stream(b *data.Bank, classes int, order string, split data.Split) Stream {
	return Stream{Split: split, Trajectory: data.Trajectory{Bank: b, Classes: classes, Order: order,
		Outputs: q.Task.Spec().Outputs, Labels: q.Task.Labels}}
}

// Validate returns why streams of one of the lengths cannot be drawn.
func (q Question) Validate() error {
	for _, classes := range q.Lengths {
		if err := q.stream(q.Bank, classes, data.Continual, q.Split).ValidateSplit(q.Split); err != nil {
			return fmt.Errorf("%d: %w", classes, err)
		}
	}
	return nil
}

// count is q.Count where there is one.
func (q Question) count(format string, classes int) func(done, all int) {
	if q.Count == nil {
		return nil
	}
	return q.Count(fmt.Sprintf(format, classes))
}

// ReportTrajectories teaches streams of every length, class after class and shuffled, and makes a
// document of what is kept. See Trajectories, and Tune for the choice of rates.
func (p Plan) ReportTrajectories(ctx context.Context, q Question, head Head) (*TrajectoryReport, error) {
	head.Seed, head.Split = p.Seed, q.Split.String()
	rep := &TrajectoryReport{Head: head, Shots: data.TrajectoryShots, Query: data.TrajectoryQuery, Runs: q.Runs}
	for _, classes := range q.Lengths {
		plan := p
		rates := map[string]*Tuned{}
		if q.Tune {
			// With the run's rotations, so that long streams have classes enough.
			on := q.stream(q.Task.Bank, min(classes, q.Task.Bank.Len(data.Validation)), data.Continual, data.Validation)
			plan.Done = q.count("tuning stream of %d classes", on.Classes)
			tuned, how, err := plan.Tune(ctx, on, q.Runs, Factors)
			if err != nil {
				return nil, fmt.Errorf("choosing rates on %d validation classes: %w", on.Classes, err)
			}
			plan = tuned
			for _, t := range how {
				rates[t.Learner] = rateOf(t, on, q.Split, q.Runs)
			}
		}
		plan.Done = q.count("stream of %d classes", classes)
		results, err := plan.Trajectories(ctx, []Stream{
			q.stream(q.Bank, classes, data.Continual, q.Split), q.stream(q.Bank, classes, data.IID, q.Split)}, q.Runs)
		if err != nil {
			return nil, err
		}
		for i, s := range p.Subjects {
			rep.Trajectories = append(rep.Trajectories, TrajectoryResult{Classes: classes, Learner: s.Name, GradientOrder: s.Learner().Order(),
				Tuning: rates[s.Name], Continual: streamOf(results[0][i]), IID: streamOf(results[1][i])})
		}
	}
	return rep, nil
}

func streamOf(r Result) Accuracies {
	return Accuracies{meanOf(r.HeldOutInterval()), meanOf(r.TrainedInterval()), r.Diverged}
}

func rateOf(t Tuning, on Stream, reported data.Split, runs int) *Tuned {
	r := &Tuned{Setting: t.Setting, Factor: measure.Number(t.Factor), Split: on.Split.String(), Classes: on.Classes, Runs: runs, Seen: on.Split == reported}
	for i, f := range t.Factors {
		r.Tried, r.Accuracy = append(r.Tried, measure.Number(f)), append(r.Accuracy, meanOf(t.Accuracy[i]))
	}
	return r
}

// Table shows the report to people, in lines of at most 80 characters for learners with names of up
// to 16.
func (r TrajectoryReport) Table() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: accuracy after long streams of classes never seen in\nmeta-training (%s), after %d meta-steps; seed %d\n", r.Name, r.Split, r.MetaSteps, r.Seed)
	fmt.Fprintf(&b, "%d drawings of each class, one at a time; percent: mean over %d streams\n[95 %% confidence interval]\n", r.Shots, r.Runs)
	for _, kind := range []struct {
		title string
		of    func(TrajectoryResult) Accuracies
	}{
		{"class after class", func(t TrajectoryResult) Accuracies { return t.Continual }},
		{"iid: the same drawings, shuffled", func(t TrajectoryResult) Accuracies { return t.IID }},
	} {
		fmt.Fprintf(&b, "\n%s\n\n", kind.title)
		w := columns(&b)
		fmt.Fprintln(w, "classes\tlearner\theld-out drawings\ttrained drawings\tdiverged")
		for _, t := range r.Trajectories {
			a := kind.of(t)
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d/%d\n", t.Classes, t.Learner, a.HeldOut.percent(), a.Trained.percent(), a.Diverged, r.Runs)
		}
		w.Flush()
	}
	fmt.Fprintf(&b, "\nrates, and order of the meta-gradient\n\n")
	w := columns(&b)
	fmt.Fprintln(w, "classes\tlearner\trate\torder")
	tuned := false
	for _, t := range r.Trajectories {
		rate := "of the run"
		if t.Tuning != nil {
			rate, tuned = fmt.Sprintf("%s × %v", t.Tuning.Setting, t.Tuning.Factor), true
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%d\n", t.Classes, t.Learner, rate, t.GradientOrder)
	}
	w.Flush()
	if tuned {
		fmt.Fprintf(&b, "\nrates: of %s times the run's the best on held-out\ndrawings of validation classes, in streams that are not reported here\n", factorList())
		seen := map[int]bool{}
		for _, t := range r.Trajectories {
			if t.Tuning != nil && !seen[t.Classes] {
				seen[t.Classes] = true
				fmt.Fprintf(&b, "  for %d classes: %d streams of %d of them\n", t.Classes, t.Tuning.Runs, t.Tuning.Classes)
			}
		}
		if r.Split == data.Validation.String() {
			fmt.Fprintf(&b, "The classes reported are of the split that rates were chosen on, which they may\nsuit: nothing was chosen on those of --split heldout, the default.\n")
		}
	}
	return b.Bytes()
}

func factorList() string {
	var s []string
	for _, f := range Factors {
		s = append(s, measure.Number(f).String())
	}
	return strings.Join(s, ", ")
}
