package run

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
)

// TestTablesFit asks that no line of a table for people is longer than 80 characters, for learners with
// names of 16, and numbers that are as long as they get.
func TestTablesFit(t *testing.T) {
	names := []string{"sixteen-letters-", "another-of-those"}
	const name = "omniglot-continual"
	wide := []measure.Number{-1.234567e-5, 1.2345678e8, 1.2345e130, 0.001234567, 99999.9}
	heldOuts := func(k int, accuracy bool) HeldOut {
		h := HeldOut{Step: 100000, Mean: wide[k%5], Low: wide[(k+1)%5], High: wide[(k+2)%5], Median: wide[(k+3)%5], Episodes: 1000, Diverged: 1000}
		if h.Mean, h.Low, h.High, h.Median = max(h.Mean, -h.Mean), max(h.Low, 0), max(h.High, 0), max(h.Median, 0); accuracy { // losses
			one := measure.Number(1)
			h.Accuracy, h.AccuracyLow, h.AccuracyHigh = &one, &one, &one
		}
		return h
	}
	texts := map[string][]byte{}
	for _, classifies := range []bool{false, true} {
		for k := range wide {
			r := Result{Name: name, Seed: 1 << 30, Dtype: "float64", Split: "validation", MetaSteps: 100000, MetaBatch: 10}
			c := evaluate.Comparison{Task: "mini-imagenet", Split: "validation", Seed: 1 << 30, Episodes: 1000, Reference: names[0], Classifies: classifies}
			for _, n := range names {
				r.Learners = append(r.Learners, LearnerResult{Learner: n, GradientOrder: 2, Untrained: heldOuts(k, classifies), Trained: heldOuts(k+1, classifies), Ratio: wide[k], DivergedTrain: 1000000})
				i := evaluate.Interval{Mean: max(wide[k], -wide[k]), Low: max(wide[(k+1)%5], 0), High: max(wide[(k+2)%5], 0), N: 1000}
				c.Learners = append(c.Learners, evaluate.Compared{Name: n, MetaSteps: 100000, GradientOrder: 2, Diverged: 1000, Loss: i, Median: wide[k], Accuracy: &evaluate.Interval{Mean: 1, Low: 1, High: 1, N: 5},
					Difference: evaluate.Difference{Of: "loss", Interval: evaluate.Interval{Mean: -i.Mean, Low: -i.Low, High: -i.High, N: 5}}})
			}
			if classifies {
				for i := range c.Learners {
					c.Learners[i].Difference = evaluate.Difference{Of: "accuracy", Interval: evaluate.Interval{Mean: -1, Low: -1, High: -1, N: 5}}
				}
			}
			c.Reference = names[1]
			texts[fmt.Sprint("result ", classifies, k)], texts[fmt.Sprint("comparison ", classifies, k)] = r.Table(), c.Table()
			c.Episodes = 5
			texts[fmt.Sprint("comparison of few", classifies, k)] = c.Table()
		}
	}
	for what, text := range texts {
		if len(text) < 200 {
			t.Errorf("%s: %q", what, text)
		}
		for line := range strings.Lines(string(text)) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 80 {
				t.Errorf("%s: a line of %d characters, want at most 80:\n%s", what, n, line)
			}
		}
	}
	if t.Failed() {
		t.Logf("%s%s", texts["result false0"], texts["comparison true0"])
	}
}
