package continual

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestTablesFit asks that no line of a table for people is longer than 80 characters, for learners with
// names of 16, and numbers that are as long as they get.
func TestTablesFit(t *testing.T) {
	names := []string{"sixteen-letters-", "another-of-those"}
	head := Head{Name: "omniglot-continual", Seed: 1 << 30, Split: "validation", MetaSteps: 100000}
	all := Mean{1, 1, 1}
	low := Mean{-1, -1, -1}
	tr := TrajectoryReport{Head: head, Shots: 15, Query: 5, Runs: 1000}
	m := MatrixReport{Head: head, Episodes: 1000}
	for _, n := range names {
		tr.Trajectories = append(tr.Trajectories, TrajectoryResult{Classes: 1000, Learner: n, GradientOrder: 2, Tuning: &Tuned{Setting: "hidden scale", Factor: 0.03, Split: "validation", Classes: 1000, Runs: 1000},
			Continual: Accuracies{all, all, 1000}, IID: Accuracies{all, all, 1000}})
		l := MatrixResult{Learner: n, GradientOrder: 2, Average: all, Backward: low, Forward: low, Forgetting: low, Diverged: 1000}
		for range mostClasses {
			row := make([]float64, mostClasses)
			for j := range row {
				row[j] = 1
			}
			l.Before, l.Accuracy = row, append(l.Accuracy, row)
		}
		m.Learners = append(m.Learners, l)
	}
	texts := map[string][]byte{}
	texts["trajectory"], texts["matrix"] = tr.Table(), m.Table()
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
}
