package evaluate

import (
	"math"
	"slices"
	"strings"
	"testing"

	"metaplast/data"
)

// TestComparisonPairs fills a table from losses written down: what diverged is left out by pairs.
func TestComparisonPairs(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	cmp := Comparison{Task: "sine", Seed: 3, Episodes: 5, Reference: "b", Learners: []Compared{{Name: "a"}, {Name: "b"}, {Name: "c"}}}
	err := cmp.fill([]Evaluation{
		SummarizeLosses("a", []float64{1, nan, 3, 4, 5}),
		SummarizeLosses("b", []float64{2, 2, inf, 6, 2}),
		SummarizeLosses("c", []float64{nan, nan, 7, nan, nan}),
	})
	if err != nil {
		t.Fatal(err)
	}
	a, b, c := cmp.Learners[0], cmp.Learners[1], cmp.Learners[2]
	if a.Loss.Mean != 3.25 || a.Loss.N != 4 || a.Diverged != 1 || a.Loss.Low < 1 || a.Loss.High > 5 || !(a.Loss.Low < 3.25) {
		t.Errorf("a: %+v", a.Loss)
	}
	if d := a.Difference; d.N != 3 || d.Mean != 0 || d.Low != -2 || d.High != 3 { // −1, −2, 3
		t.Errorf("a − b: %+v", d)
	}
	if d := b.Difference; d.N != 4 || d.Mean != 0 || d.Low != 0 || d.High != 0 {
		t.Errorf("b − b: %+v", d)
	}
	if d := c.Difference; d.N != 0 || !math.IsNaN(float64(d.Mean)) || c.Loss.Mean != 7 || !math.IsNaN(float64(c.Loss.Low)) {
		t.Errorf("c: %+v, %+v", c.Loss, d)
	}
	if text := string(cmp.Table()); !strings.Contains(text, "\nc        7.00 [NaN, NaN]    NaN [NaN, NaN]\n") || !strings.Contains(text, "\nc        +Inf    4/5 ") {
		t.Errorf("%s", text)
	}
}

// TestComparedOf: the learners of a comparison are subjects, with where they come from.
func TestComparedOf(t *testing.T) {
	list := subjects(t, 5)
	list[1].Name, list[1].Origin = "a/oml", Origin{Run: "a", Learner: "oml", Step: 7}
	got := ComparedOf(list)[1]
	if got.Name != "a/oml" || got.Run != "a" || got.Learner != "oml" || got.MetaSteps != 7 || got.GradientOrder != 2 {
		t.Errorf("%+v", got)
	}
	cmp := Comparison{Seed: 7, Episodes: 3, Reference: "flp", Learners: ComparedOf(list)}
	if err := cmp.Measure(t.Context(), sine, list, data.HeldOut, 1, nil); err != nil {
		t.Fatal(err)
	}
	want, err := Evaluate(t.Context(), Plan{Sampler: sine, Seed: 7, Episodes: 3}, list[1:])
	if err != nil || !slices.Equal(cmp.Learners[1].Losses, want[0].Losses) {
		t.Errorf("losses %v, want %v (%v)", cmp.Learners[1].Losses, want[0].Losses, err)
	}
}
