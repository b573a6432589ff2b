package evaluate

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"text/tabwriter"

	"metaplast/data"
	"metaplast/metaopt/measure"
)

// Comparison sets learners side by side that live through the same episodes, which pair them.
//
// An episode in which a learner's loss is not finite has diverged for it. It is counted, and left
// out of its mean loss, and of the difference of losses to which it is one side. Accuracies leave out
// nothing: a diverged episode counts by what its outputs say. The median is over all episodes, a
// diverged one being +Inf.
//
// Intervals are those of new episodes for the learners as they were trained once: they say nothing
// of other seeds of meta-training.
type Comparison struct {
	Task      string     `json:"task"`
	Loss      string     `json:"loss"`
	Split     string     `json:"split"`
	Seed      uint64     `json:"seed"` // of the episodes
	Episodes  int        `json:"episodes"`
	Reference string     `json:"reference"`
	Learners  []Compared `json:"learners"`

	Classifies bool `json:"-"` // compare accuracies
}

// Compared is one of them.
type Compared struct {
	Name          string         `json:"name"` // unique: with the run's folder before it if there are several
	Run           string         `json:"run"`
	Learner       string         `json:"learner"`
	MetaSteps     int            `json:"meta_steps"`
	GradientOrder int            `json:"meta_gradient_order"`
	Diverged      int            `json:"diverged"`
	Loss          Interval       `json:"loss"` // over the episodes that did not diverge
	Median        measure.Number `json:"loss_median"`
	Accuracy      *Interval      `json:"accuracy,omitempty"` // of classification
	Difference    Difference     `json:"difference"`         // this one's loss less the reference's; of classification, accuracies

	Losses     measure.Numbers `json:"losses"` // by episode
	Accuracies measure.Numbers `json:"accuracies,omitempty"`
}

// Interval is a mean with a 95 % bootstrap interval.
type Interval struct {
	Mean measure.Number `json:"mean"`
	Low  measure.Number `json:"low95"`
	High measure.Number `json:"high95"`
	N    int            `json:"n"` // values that it is over
}

// Difference is the mean of paired differences.
type Difference struct {
	Of string `json:"of"` // loss or accuracy
	Interval
}

// Names are those of the learners, in their order.
func (cmp *Comparison) Names() []string {
	var names []string
	for _, l := range cmp.Learners {
		names = append(names, l.Name)
	}
	return names
}

// ComparedOf lists subjects as the learners of a comparison, with nothing measured yet.
func ComparedOf(subjects []Subject) []Compared {
	var list []Compared
	for _, s := range subjects {
		list = append(list, Compared{Name: s.Name, Run: s.Origin.Run, Learner: s.Origin.Learner, MetaSteps: s.Origin.Step, GradientOrder: s.Learner().Order()})
	}
	return list
}

// Measure evaluates the subjects that the learners of the comparison are, see ComparedOf, on the same
// episodes, and compares them.
func (cmp *Comparison) Measure(ctx context.Context, sampler data.Sampler, subjects []Subject, split data.Split, workers int, done func(done, episodes int)) error {
	evals, err := Evaluate(ctx, Plan{Sampler: sampler, Split: split, Seed: cmp.Seed,
		Episodes: cmp.Episodes, Workers: workers, Done: done}, subjects)
	if err != nil {
		return err
	}
	return cmp.fill(evals)
}

// fill computes the table from what was measured of the learners, in their order.
func (cmp *Comparison) fill(evals []Evaluation) error {
	var reference Evaluation
	for i, l := range cmp.Learners {
		if l.Name == cmp.Reference {
			reference = evals[i]
		}
	}
	for i, e := range evals {
		l := &cmp.Learners[i]
		l.Diverged, l.Median, l.Losses, l.Accuracies = e.Diverged, measure.Number(e.Median), e.Losses, e.Accuracies
		var err error
		if l.Loss, err = cmp.interval("loss", l.Name, finite(e.Losses, nil)); err != nil {
			return err
		}
		mine, others := finite(e.Losses, reference.Losses), finite(reference.Losses, e.Losses)
		l.Difference.Of = "loss"
		if cmp.Classifies {
			a, err := cmp.interval("accuracy", l.Name, e.Accuracies)
			if err != nil {
				return err
			}
			l.Accuracy = &a
			mine, others, l.Difference.Of = e.Accuracies, reference.Accuracies, "accuracy"
		}
		diffs := make([]float64, len(mine))
		for k := range diffs {
			diffs[k] = mine[k] - others[k]
		}
		if l.Difference.Interval, err = cmp.interval("difference", l.Name, diffs); err != nil {
			return err
		}
	}
	return nil
}

// finite are the losses of the episodes in which they, and those of another learner, are finite.
func finite(losses, other []float64) []float64 {
	var kept []float64
	for i, l := range losses {
		if isFinite(l) && (other == nil || isFinite(other[i])) {
			kept = append(kept, l)
		}
	}
	return kept
}

func isFinite(x float64) bool { return x-x == 0 }

// interval is NaN without values, and has NaN for ends with one.
func (cmp *Comparison) interval(what, learner string, values []float64) (Interval, error) {
	if len(values) == 0 {
		nan := measure.Number(math.NaN())
		return Interval{Mean: nan, Low: nan, High: nan}, nil
	}
	v, err := measure.Bootstrap{Seed: cmp.Seed, Purpose: "compare/" + what + "/" + learner}.Mean(values)
	if err != nil {
		return Interval{}, fmt.Errorf("interval of %s of %s: %w", what, learner, err)
	}
	return Interval{Mean: measure.Number(v.Estimate), Low: measure.Number(v.Low), High: measure.Number(v.High), N: v.N}, nil
}

// fewEpisodes is the measure.Number below which a bootstrap interval of a mean is told to be too narrow: of
// normal values it covers 0.93 of the time there instead of 0.95; see measure.Bootstrap.
const fewEpisodes = 20

// Table shows the comparison to people, in lines of at most 80 characters for learners with names of
// up to 16.
func (cmp *Comparison) Table() []byte {
	var b bytes.Buffer
	what := "held-out loss (mean squared error)"
	if cmp.Classifies {
		what = "accuracy on " + cmp.Split + " classes"
	}
	fmt.Fprintf(&b, "%s: %s\nover the same %d episodes of seed %d\n", cmp.Task, what, cmp.Episodes, cmp.Seed)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	if cmp.Classifies {
		fmt.Fprintf(&b, "percent: mean [95 %% bootstrap interval over episodes];\ndifference to %s, in percentage points, paired\n\n", cmp.Reference)
		fmt.Fprintln(w, "learner\taccuracy\tdifference")
	} else {
		fmt.Fprintf(&b, "mean [95 %% bootstrap interval over episodes];\ndifference to %s, paired\n\n", cmp.Reference)
		fmt.Fprintln(w, "learner\tloss\tdifference")
	}
	diverged := 0
	for _, l := range cmp.Learners {
		score, difference := l.Loss.String(), l.Difference.Interval.String()
		if cmp.Classifies {
			score, difference = l.Accuracy.Percent(), l.Difference.points()
		}
		if l.Name == cmp.Reference {
			difference = "reference"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", l.Name, score, difference)
		diverged += l.Diverged
	}
	w.Flush()
	fmt.Fprintf(&b, "\nmedian loss; episodes that diverged; order of the meta-gradient\n\n")
	w = tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "learner\tmedian\tdiverged\torder\tmeta-steps")
	for _, l := range cmp.Learners {
		fmt.Fprintf(w, "%s\t%s\t%d/%d\t%d\t%d\n", l.Name, l.Median.Brief(), l.Diverged, cmp.Episodes, l.GradientOrder, l.MetaSteps)
	}
	w.Flush()
	if diverged > 0 && cmp.Classifies {
		fmt.Fprintln(&b, "\nThe median counts an episode that diverged as +Inf; its accuracy is that of\nits outputs.")
	} else if diverged > 0 {
		fmt.Fprintln(&b, "\nAn episode that diverged is left out of the learner's mean and of its\ndifference; the median counts it as +Inf.")
	}
	if cmp.Episodes < fewEpisodes {
		fmt.Fprintf(&b, "\nOf fewer than %d episodes bootstrap intervals are too narrow (of 5, 95 %% stands\nfor about 84 %%): --episodes N measures on more.\n", fewEpisodes)
	}
	return b.Bytes()
}

func (v Interval) String() string {
	return fmt.Sprintf("%s [%s, %s]", v.Mean.Brief(), v.Low.Brief(), v.High.Brief())
}

// Percent shows shares in percent, without the sign.
func (v Interval) Percent() string {
	return fmt.Sprintf("%.1f [%.1f, %.1f]", 100*float64(v.Mean), 100*float64(v.Low), 100*float64(v.High))
}

// points shows a difference of shares in percentage points.
func (v Interval) points() string {
	return fmt.Sprintf("%+.1f [%+.1f, %+.1f]", 100*float64(v.Mean), 100*float64(v.Low), 100*float64(v.High))
}

// CSV is the table with full precision, a row a learner. Columns of accuracy are empty for
// regression.
func (cmp *Comparison) CSV() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	head := []string{"learner", "run", "meta_steps", "meta_gradient_order", "episodes", "diverged", "loss_mean", "loss_low95", "loss_high95", "loss_median",
		"accuracy_mean", "accuracy_low95", "accuracy_high95", "reference", "difference_of", "difference_mean", "difference_low95", "difference_high95", "pairs"}
	if err := w.Write(head); err != nil {
		return nil, err
	}
	text := func(n measure.Number) string { return strconv.FormatFloat(float64(n), 'g', -1, 64) }
	for _, l := range cmp.Learners {
		row := []string{l.Name, l.Run, strconv.Itoa(l.MetaSteps), strconv.Itoa(l.GradientOrder), strconv.Itoa(cmp.Episodes), strconv.Itoa(l.Diverged),
			text(l.Loss.Mean), text(l.Loss.Low), text(l.Loss.High), text(l.Median)}
		if l.Accuracy != nil {
			row = append(row, text(l.Accuracy.Mean), text(l.Accuracy.Low), text(l.Accuracy.High))
		} else {
			row = append(row, "", "", "")
		}
		d := l.Difference
		if err := w.Write(append(row, cmp.Reference, d.Of, text(d.Mean), text(d.Low), text(d.High), strconv.Itoa(d.N))); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}
