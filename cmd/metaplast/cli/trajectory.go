package cli

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/progress"
	"metaplast/data"
	"metaplast/metaopt/continual"
	"metaplast/metaopt/measure"
)

// defaultRuns is the number of trajectories of each length where --runs says nothing.
const defaultRuns = 5

// maxRuns bounds --runs: more tells nothing.
const maxRuns = 1 << 16

// flagsTrajectory are those of eval for long streams.
func flagsTrajectory() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "trajectory", Usage: "of a classification run, teach streams of `CLASSES`, such as 10:50:100:200, 15 drawings of each class one at a time, then ask about all"},
		&cli.IntFlag{Name: "runs", DefaultText: strconv.Itoa(defaultRuns), Usage: "with --trajectory, teach `N` streams of every length"},
		&cli.BoolFlag{DisableDefaultText: true, Name: "tune-inner-lr", Usage: "with --trajectory, choose the inner rate of gradient learners, and the hidden scale of others, for every length, on validation classes"},
	}
}

// trajectoryReport is what eval --trajectory prints.
type trajectoryReport struct {
	Name         string             `json:"name"`
	Fingerprint  string             `json:"fingerprint"` // of the configuration
	Seed         uint64             `json:"seed"`
	Split        string             `json:"split"`
	MetaSteps    int                `json:"meta_steps"`
	Shots        int                `json:"shots"` // drawings of a class that are taught
	Query        int                `json:"query"` // and held out
	Runs         int                `json:"runs"`
	Trajectories []trajectoryResult `json:"trajectories"`
}

// trajectoryResult is one learner after streams of one length.
type trajectoryResult struct {
	Classes       int            `json:"classes"`
	Learner       string         `json:"learner"`
	GradientOrder int            `json:"meta_gradient_order"`
	Tuning        *tuning        `json:"tuning,omitempty"` // with --tune-inner-lr
	Continual     streamAccuracy `json:"continual"`
	IID           streamAccuracy `json:"iid"` // the oracle: the same drawings, shuffled
}

// tuning is how the rate of a learner was chosen; see continual.Plan.Tune.
type tuning struct {
	Setting  string         `json:"setting"` // inner rate or hidden scale
	Factor   number         `json:"factor"`  // on that of the run
	Split    string         `json:"split"`
	Classes  int            `json:"classes"`
	Runs     int            `json:"runs"`
	Tried    []number       `json:"tried"`
	Accuracy []accuracyMean `json:"accuracy"`         // of each, on held-out drawings
	Seen     bool           `json:"classes_reported"` // whether classes that are reported may be among those that it was chosen on; streams never are
}

// streamAccuracy is one learner after streams of one kind.
type streamAccuracy struct {
	HeldOut  accuracyMean `json:"heldout_drawings"`
	Trained  accuracyMean `json:"trained_drawings"`
	Diverged int          `json:"diverged"`
}

// accuracyMean is a mean with its 95 % interval.
type accuracyMean struct {
	Mean number `json:"mean"`
	Low  number `json:"low95"`
	High number `json:"high95"`
}

func accuracyOf(i measure.Interval) accuracyMean {
	return accuracyMean{number(i.Estimate), number(i.Low), number(i.High)}
}

func streamOf(r continual.Result) streamAccuracy {
	return streamAccuracy{accuracyOf(r.HeldOutInterval()), accuracyOf(r.TrainedInterval()), r.Diverged}
}

// percent shows it to people, without the sign; a single run has no interval.
func (a accuracyMean) percent() string {
	if a.Low != a.Low {
		return fmt.Sprintf("%.1f", 100*a.Mean)
	}
	return interval{Mean: a.Mean, Low: a.Low, High: a.High}.percent()
}

// trajectoryFlags reads --trajectory and --runs.
func trajectoryFlags(c *cli.Context) (lengths []int, runs int, err error) {
	for _, s := range strings.Split(c.String("trajectory"), ":") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || len(lengths) > 0 && n <= lengths[len(lengths)-1] {
			return nil, 0, usagef("--trajectory: %q, want increasing numbers of classes, such as 10:50:100:200", c.String("trajectory"))
		}
		lengths = append(lengths, n)
	}
	if runs = c.Int("runs"); !c.IsSet("runs") {
		runs = defaultRuns
	}
	if runs < 1 || runs > maxRuns {
		return nil, 0, usagef("--runs: %d, want from 1 to %d", runs, maxRuns)
	}
	return lengths, runs, nil
}

// trajectories is eval --trajectory.
func trajectories(u *ui, c *cli.Context, commit func()) error {
	lengths, runs, err := trajectoryFlags(c)
	if err != nil {
		return err
	}
	n, err := workers(c)
	if err != nil {
		return err
	}
	r, err := openRunAt(c.Args().First(), c, imagesOf(u, c))
	if err != nil {
		return err
	}
	split, err := splitFlag(c, r.cfg)
	if err != nil {
		return err
	}
	taught, ok := r.sampler.(data.Classification)
	if !ok {
		return usagef("--trajectory: the %s task has no classes", r.cfg.Task.Kind)
	}
	plain, err := r.unrotated()
	if err != nil {
		return err
	}
	stream := func(b *data.Bank, classes int, order string, split data.Split) continual.Stream {
		return continual.Stream{Split: split, Trajectory: data.Trajectory{Bank: b, Classes: classes, Order: order,
			Outputs: taught.Spec().Outputs, Labels: taught.Labels}}
	}
	for _, classes := range lengths {
		if err := stream(plain, classes, data.Continual, split).ValidateSplit(split); err != nil {
			return badInput(fmt.Errorf("--trajectory %d: %w", classes, err))
		}
	}
	p := progress.Counter(u.err, c.Bool("quiet"))
	defer p.Close()
	rep := trajectoryReport{Name: r.cfg.Name, Fingerprint: r.saved.Fingerprint, Seed: r.cfg.Seed, Split: split.String(), MetaSteps: r.saved.Step,
		Shots: data.TrajectoryShots, Query: data.TrajectoryQuery, Runs: runs}
	for _, classes := range lengths {
		plan := continual.Plan{Subjects: r.subjects, Seed: r.cfg.Seed, Workers: n}
		rates := map[string]*tuning{}
		if c.Bool("tune-inner-lr") {
			// With the run's rotations, so that long streams have classes enough.
			on := stream(taught.Bank, min(classes, taught.Bank.Len(data.Validation)), data.Continual, data.Validation)
			plan.Done = p.Count(fmt.Sprintf("tuning stream of %d classes", on.Classes))
			tuned, how, err := plan.Tune(context.Background(), on, runs, continual.Factors)
			if err != nil {
				return badInput(fmt.Errorf("--tune-inner-lr: %w", err))
			}
			plan = tuned
			for _, t := range how {
				rates[t.Learner] = rateOf(t, on, split, runs)
			}
		}
		plan.Done = p.Count(fmt.Sprintf("stream of %d classes", classes))
		results, err := plan.Trajectories(context.Background(), []continual.Stream{
			stream(plain, classes, data.Continual, split), stream(plain, classes, data.IID, split)}, runs)
		if err != nil {
			return err
		}
		for i, l := range newResult(r.cfg, "", 0).Learners {
			rep.Trajectories = append(rep.Trajectories, trajectoryResult{Classes: classes, Learner: l.Learner, GradientOrder: l.GradientOrder,
				Tuning: rates[l.Learner], Continual: streamOf(results[0][i]), IID: streamOf(results[1][i])})
		}
	}
	p.Close()
	commit()
	if c.Bool("json") {
		return u.json(rep)
	}
	return u.print(rep.table())
}

func rateOf(t continual.Tuning, on continual.Stream, reported data.Split, runs int) *tuning {
	r := &tuning{Setting: t.Setting, Factor: number(t.Factor), Split: on.Split.String(), Classes: on.Classes, Runs: runs, Seen: on.Split == reported}
	for i, f := range t.Factors {
		r.Tried, r.Accuracy = append(r.Tried, number(f)), append(r.Accuracy, accuracyOf(t.Accuracy[i]))
	}
	return r
}

// table shows the report to people, in lines of at most 80 characters for learners with names of up
// to 16.
func (r trajectoryReport) table() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: accuracy after long streams of classes never seen in\nmeta-training (%s), after %d meta-steps; seed %d\n", r.Name, r.Split, r.MetaSteps, r.Seed)
	fmt.Fprintf(&b, "%d drawings of each class, one at a time; percent: mean over %d streams\n[95 %% confidence interval]\n", r.Shots, r.Runs)
	for _, kind := range []struct {
		title string
		of    func(trajectoryResult) streamAccuracy
	}{
		{"class after class", func(t trajectoryResult) streamAccuracy { return t.Continual }},
		{"iid: the same drawings, shuffled", func(t trajectoryResult) streamAccuracy { return t.IID }},
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
	for _, f := range continual.Factors {
		s = append(s, number(f).String())
	}
	return strings.Join(s, ", ")
}
