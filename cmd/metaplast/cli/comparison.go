package cli

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"

	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
)

// comparison is what compare prints. Learners live through the same episodes, which pair them.
//
// An episode in which a learner's loss is not finite has diverged for it. It is counted, and left
// out of its mean loss, and of the difference of losses to which it is one side. Accuracies leave out
// nothing: a diverged episode counts by what its outputs say. The median is over all episodes, a
// diverged one being +Inf.
//
// Intervals are those of new episodes for the learners as they were trained once: they say nothing
// of other seeds of meta-training.
type comparison struct {
	Task      string            `json:"task"`
	Loss      string            `json:"loss"`
	Split     string            `json:"split"`
	Seed      uint64            `json:"seed"` // of the episodes
	Episodes  int               `json:"episodes"`
	Reference string            `json:"reference"`
	Learners  []comparedLearner `json:"learners"`

	classifies bool
}

type comparedLearner struct {
	Name          string     `json:"name"` // unique: with the run's folder before it if there are several
	Run           string     `json:"run"`
	Learner       string     `json:"learner"`
	MetaSteps     int        `json:"meta_steps"`
	GradientOrder int        `json:"meta_gradient_order"`
	Diverged      int        `json:"diverged"`
	Loss          interval   `json:"loss"` // over the episodes that did not diverge
	Median        number     `json:"loss_median"`
	Accuracy      *interval  `json:"accuracy,omitempty"` // of classification
	Difference    difference `json:"difference"`         // this one's loss less the reference's; of classification, accuracies

	Losses     measure.Numbers `json:"losses"` // by episode
	Accuracies measure.Numbers `json:"accuracies,omitempty"`
}

// interval is a mean with a 95 % bootstrap interval.
type interval struct {
	Mean number `json:"mean"`
	Low  number `json:"low95"`
	High number `json:"high95"`
	N    int    `json:"n"` // values that it is over
}

// difference is the mean of paired differences.
type difference struct {
	Of string `json:"of"` // loss or accuracy
	interval
}

func (cmp *comparison) names() []string {
	var names []string
	for _, l := range cmp.Learners {
		names = append(names, l.Name)
	}
	return names
}

// fill computes the table from what was measured of the learners, in their order.
func (cmp *comparison) fill(evals []evaluate.Evaluation) error {
	var reference evaluate.Evaluation
	for i, l := range cmp.Learners {
		if l.Name == cmp.Reference {
			reference = evals[i]
		}
	}
	for i, e := range evals {
		l := &cmp.Learners[i]
		l.Diverged, l.Median, l.Losses, l.Accuracies = e.Diverged, number(e.Median), e.Losses, e.Accuracies
		var err error
		if l.Loss, err = cmp.interval("loss", l.Name, finite(e.Losses, nil)); err != nil {
			return err
		}
		mine, others := finite(e.Losses, reference.Losses), finite(reference.Losses, e.Losses)
		l.Difference.Of = "loss"
		if cmp.classifies {
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
		if l.Difference.interval, err = cmp.interval("difference", l.Name, diffs); err != nil {
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
func (cmp *comparison) interval(what, learner string, values []float64) (interval, error) {
	if len(values) == 0 {
		nan := number(math.NaN())
		return interval{Mean: nan, Low: nan, High: nan}, nil
	}
	v, err := measure.Bootstrap{Seed: cmp.Seed, Purpose: "compare/" + what + "/" + learner}.Mean(values)
	if err != nil {
		return interval{}, fmt.Errorf("interval of %s of %s: %w", what, learner, err)
	}
	return interval{Mean: number(v.Estimate), Low: number(v.Low), High: number(v.High), N: v.N}, nil
}

// fewEpisodes is the number below which a bootstrap interval of a mean is told to be too narrow: of
// normal values it covers 0.93 of the time there instead of 0.95; see measure.Bootstrap.
const fewEpisodes = 20

// table shows the comparison to people, in lines of at most 80 characters for learners with names of
// up to 16.
func (cmp *comparison) table() []byte {
	var b bytes.Buffer
	what := "held-out loss (mean squared error)"
	if cmp.classifies {
		what = "accuracy on " + cmp.Split + " classes"
	}
	fmt.Fprintf(&b, "%s: %s\nover the same %d episodes of seed %d\n", cmp.Task, what, cmp.Episodes, cmp.Seed)
	w := columns(&b)
	if cmp.classifies {
		fmt.Fprintf(&b, "percent: mean [95 %% bootstrap interval over episodes];\ndifference to %s, in percentage points, paired\n\n", cmp.Reference)
		fmt.Fprintln(w, "learner\taccuracy\tdifference")
	} else {
		fmt.Fprintf(&b, "mean [95 %% bootstrap interval over episodes];\ndifference to %s, paired\n\n", cmp.Reference)
		fmt.Fprintln(w, "learner\tloss\tdifference")
	}
	diverged := 0
	for _, l := range cmp.Learners {
		score, difference := l.Loss.String(), l.Difference.interval.String()
		if cmp.classifies {
			score, difference = l.Accuracy.percent(), l.Difference.points()
		}
		if l.Name == cmp.Reference {
			difference = "reference"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", l.Name, score, difference)
		diverged += l.Diverged
	}
	w.Flush()
	fmt.Fprintf(&b, "\nmedian loss; episodes that diverged; order of the meta-gradient\n\n")
	w = columns(&b)
	fmt.Fprintln(w, "learner\tmedian\tdiverged\torder\tmeta-steps")
	for _, l := range cmp.Learners {
		fmt.Fprintf(w, "%s\t%s\t%d/%d\t%d\t%d\n", l.Name, l.Median.Brief(), l.Diverged, cmp.Episodes, l.GradientOrder, l.MetaSteps)
	}
	w.Flush()
	if diverged > 0 && cmp.classifies {
		fmt.Fprintln(&b, "\nThe median counts an episode that diverged as +Inf; its accuracy is that of\nits outputs.")
	} else if diverged > 0 {
		fmt.Fprintln(&b, "\nAn episode that diverged is left out of the learner's mean and of its\ndifference; the median counts it as +Inf.")
	}
	if cmp.Episodes < fewEpisodes {
		fmt.Fprintf(&b, "\nOf fewer than %d episodes bootstrap intervals are too narrow (of 5, 95 %% stands\nfor about 84 %%): --episodes N measures on more.\n", fewEpisodes)
	}
	return b.Bytes()
}

func (v interval) String() string {
	return fmt.Sprintf("%s [%s, %s]", v.Mean.Brief(), v.Low.Brief(), v.High.Brief())
}

// percent shows shares in percent, without the sign.
func (v interval) percent() string {
	return fmt.Sprintf("%.1f [%.1f, %.1f]", 100*float64(v.Mean), 100*float64(v.Low), 100*float64(v.High))
}

// points shows a difference of shares in percentage points.
func (v interval) points() string {
	return fmt.Sprintf("%+.1f [%+.1f, %+.1f]", 100*float64(v.Mean), 100*float64(v.Low), 100*float64(v.High))
}

// csv is the table with full precision, a row a learner. Columns of accuracy are empty for
// regression.
func (cmp *comparison) csv() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	head := []string{"learner", "run", "meta_steps", "meta_gradient_order", "episodes", "diverged", "loss_mean", "loss_low95", "loss_high95", "loss_median",
		"accuracy_mean", "accuracy_low95", "accuracy_high95", "reference", "difference_of", "difference_mean", "difference_low95", "difference_high95", "pairs"}
	if err := w.Write(head); err != nil {
		return nil, err
	}
	text := func(n number) string { return strconv.FormatFloat(float64(n), 'g', -1, 64) }
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
