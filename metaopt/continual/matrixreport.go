package continual

import (
	"bytes"
	"context"
	"fmt"
	"text/tabwriter"

	"metaplast/data"
	"metaplast/metaopt/measure"
)

// MatrixReport is what learners keep of each class, as a document.
type MatrixReport struct {
	Head
	Episodes int            `json:"episodes"`
	Learners []MatrixResult `json:"learners"`
}

// MatrixResult is one learner; see Matrix for the formulas.
type MatrixResult struct {
	Learner       string          `json:"learner"`
	GradientOrder int             `json:"meta_gradient_order"`
	Accuracy      measure.Table   `json:"accuracy"` // [i][j] on class j after class i
	Before        measure.Numbers `json:"before"`   // [j] before the first class
	Average       Mean            `json:"average_accuracy"`
	Backward      Mean            `json:"backward_transfer"`
	Forward       Mean            `json:"forward_transfer"`
	Forgetting    Mean            `json:"forgetting"`
	Diverged      int             `json:"diverged"`
}

// ReportMatrices makes a document of what Matrices finds.
func (p Plan) ReportMatrices(ctx context.Context, task data.Classification, split data.Split, episodes int, head Head) (*MatrixReport, error) {
	all, err := p.Matrices(ctx, task, split, episodes)
	if err != nil {
		return nil, err
	}
	head.Seed, head.Split = p.Seed, split.String()
	rep := &MatrixReport{Head: head, Episodes: episodes}
	for i, s := range p.Subjects {
		m := all[i]
		rep.Learners = append(rep.Learners, MatrixResult{Learner: s.Name, GradientOrder: s.Learner().Order(), Accuracy: m.R, Before: m.Before,
			Average: meanOf(m.Average), Backward: meanOf(m.Backward), Forward: meanOf(m.Forward), Forgetting: meanOf(m.Forgetting),
			Diverged: m.Diverged})
	}
	return rep, nil
}

// How many classes a table for people shows, and how many of them beside each other.
const (
	mostClasses = 20
	mostColumns = 10
)

// Table shows the report to people, in lines of at most 80 characters for learners with names of up
// to 16.
func (r MatrixReport) Table() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: accuracy on each class after each class,\nof classes never seen in meta-training (%s), after %d meta-steps\n", r.Name, r.Split, r.MetaSteps)
	fmt.Fprintf(&b, "percent, and percentage points for what changes: mean over %d episodes\n[95 %% confidence interval], in continual order; seed %d\n\n", r.Episodes, r.Seed)
	w := columns(&b)
	fmt.Fprintln(w, "learner\taverage accuracy\tforgetting\tdiverged")
	for _, l := range r.Learners {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d/%d\n", l.Learner, l.Average.percent(), l.Forgetting.percent(), l.Diverged, r.Episodes)
	}
	w.Flush()
	fmt.Fprintf(&b, "\ntransfer; order of the meta-gradient\n\n")
	w = columns(&b)
	fmt.Fprintln(w, "learner\tbackward\tforward\torder")
	for _, l := range r.Learners {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\n", l.Learner, l.Backward.percent(), l.Forward.percent(), l.GradientOrder)
	}
	w.Flush()
	for _, l := range r.Learners {
		if len(l.Before) > mostClasses {
			fmt.Fprintf(&b, "\n%s: the table of %d classes is in --json\n", l.Learner, len(l.Before))
			continue
		}
		fmt.Fprintf(&b, "\n%s: rows are classes taught, columns classes asked about\n", l.Learner)
		for from := 0; from < len(l.Before); from += mostColumns {
			l.part(&b, from, min(from+mostColumns, len(l.Before)))
		}
	}
	return b.Bytes()
}

// part shows some columns of a learner's accuracies.
func (l MatrixResult) part(b *bytes.Buffer, from, to int) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "\n\t")
	for j := from; j < to; j++ {
		fmt.Fprintf(w, "%d\t", j+1)
	}
	fmt.Fprintln(w)
	row := func(name string, values []float64) {
		fmt.Fprintf(w, "%s\t", name)
		for _, v := range values[from:to] {
			fmt.Fprintf(w, "%.1f\t", 100*v)
		}
		fmt.Fprintln(w)
	}
	row("none", l.Before)
	for i, values := range l.Accuracy {
		row(fmt.Sprintf("%d", i+1), values)
	}
	w.Flush()
}
