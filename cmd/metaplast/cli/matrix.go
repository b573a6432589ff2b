package cli

import (
	"bytes"
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/progress"
	"metaplast/data"
	"metaplast/metaopt/continual"
	"metaplast/metaopt/measure"
)

func flagMatrix() cli.Flag {
	return &cli.BoolFlag{DisableDefaultText: true, Name: "matrix",
		Usage: "of a classification run, tell the accuracy on every class after every class, and what is kept, transferred and forgotten"}
}

// matrixReport is what eval --matrix prints.
type matrixReport struct {
	Name        string         `json:"name"`
	Fingerprint string         `json:"fingerprint"` // of the configuration
	Seed        uint64         `json:"seed"`
	Split       string         `json:"split"`
	MetaSteps   int            `json:"meta_steps"`
	Episodes    int            `json:"episodes"`
	Learners    []matrixResult `json:"learners"`
}

// matrixResult is one learner; see continual.Matrix for the formulas.
type matrixResult struct {
	Learner       string          `json:"learner"`
	GradientOrder int             `json:"meta_gradient_order"`
	Accuracy      measure.Table   `json:"accuracy"` // [i][j] on class j after class i
	Before        measure.Numbers `json:"before"`   // [j] before the first class
	Average       accuracyMean    `json:"average_accuracy"`
	Backward      accuracyMean    `json:"backward_transfer"`
	Forward       accuracyMean    `json:"forward_transfer"`
	Forgetting    accuracyMean    `json:"forgetting"`
	Diverged      int             `json:"diverged"`
}

// matrices is eval --matrix.
func matrices(u *ui, c *cli.Context, commit func()) error {
	n, err := workers(c)
	if err != nil {
		return err
	}
	r, err := openRunAt(c.Args().First(), c, imagesOf(u, c))
	if err != nil {
		return err
	}
	if err := episodesFlag(c, r.cfg); err != nil {
		return err
	}
	split, err := splitFlag(c, r.cfg)
	if err != nil {
		return err
	}
	task, ok := r.sampler.(data.Classification)
	if !ok {
		return usagef("--matrix: the %s task has no classes", r.cfg.Task.Kind)
	}
	if err := task.ValidateSplit(split); err != nil {
		return badInput(fmt.Errorf("--matrix: %w", err))
	}
	p := progress.Counter(u.err, c.Bool("quiet"))
	defer p.Close()
	plan := continual.Plan{Subjects: r.subjects, Seed: r.cfg.Seed, Workers: n, Done: p.Count("episode")}
	all, err := plan.Matrices(context.Background(), task, split, r.cfg.Eval.Episodes)
	if err != nil {
		return err
	}
	rep := matrixReport{Name: r.cfg.Name, Fingerprint: r.saved.Fingerprint, Seed: r.cfg.Seed, Split: split.String(), MetaSteps: r.saved.Step, Episodes: r.cfg.Eval.Episodes}
	for i, l := range newResult(r.cfg, "", 0).Learners {
		m := all[i]
		rep.Learners = append(rep.Learners, matrixResult{Learner: l.Learner, GradientOrder: l.GradientOrder, Accuracy: m.R, Before: m.Before,
			Average: accuracyOf(m.Average), Backward: accuracyOf(m.Backward), Forward: accuracyOf(m.Forward), Forgetting: accuracyOf(m.Forgetting),
			Diverged: m.Diverged})
	}
	p.Close()
	commit()
	if c.Bool("json") {
		return u.json(rep)
	}
	return u.print(rep.table())
}

// How many classes a table for people shows, and how many of them beside each other.
const (
	mostClasses = 20
	mostColumns = 10
)

// table shows the report to people, in lines of at most 80 characters for learners with names of up
// to 16.
func (r matrixReport) table() []byte {
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
func (l matrixResult) part(b *bytes.Buffer, from, to int) {
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
