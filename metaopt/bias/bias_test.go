package bias

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/metaopt"
	"metaplast/metaopt/evaluate"
)

func plan(t *testing.T) Plan {
	t.Helper()
	p := Plan{Sampler: data.Sine{Functions: 2, Steps: 4, Batch: 3, Query: 8}, Seed: 3, Episodes: 4}
	cfg := graph.Config{Network: graph.MLP(3, []int{8, 6}, 1, 0, objective.MSE), Dtype: tensor.Float64, Steps: 8, Batch: 3, Query: 8}
	for _, name := range []string{"flp", "oml"} {
		l, err := graph.Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Learners = append(cfg.Learners, graph.NamedLearner{Name: name, Learner: l})
	}
	var err error
	if p.Subjects, err = evaluate.New(cfg, 3); err != nil {
		t.Fatal(err)
	}
	// Synapses that change, and feedback that does something.
	for _, s := range p.Subjects {
		for _, part := range s.Layout {
			for k := range part.Of(s.Theta) {
				switch part.Group {
				case graph.Plasticity:
					part.Of(s.Theta)[k] = 0.02
				case graph.Strength:
					part.Of(s.Theta)[k] = 0.3
				}
			}
		}
	}
	return p
}

// TestMeasure: what goes through all steps is exact; the fewer steps, the farther away; and the groups of a
// learner are those that it learns.
func TestMeasure(t *testing.T) {
	calls := 0
	p := plan(t)
	p.Done = func(done, all int) {
		calls++
		if done != calls || all != 32 {
			t.Errorf("%d of %d at call %d", done, all, calls)
		}
	}
	list, err := Measure(t.Context(), p, metaopt.Truncated{Steps: 8}, metaopt.Truncated{Steps: 4}, metaopt.Truncated{Steps: 1})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, b := range list[0] {
		names = append(names, b.Learner+" "+b.Group)
	}
	if have, want := strings.Join(names, ", "), "flp weights, flp feedback, flp plasticity, flp strength, oml weights"; have != want {
		t.Errorf("%s, want %s", have, want)
	}
	for i, b := range list[0] {
		if math.Abs(float64(b.Cosine)-1) > 1e-12 || math.Abs(float64(b.Ratio)-1) > 1e-12 {
			t.Errorf("all steps: %+v", b)
		}
		if c, d := float64(list[1][i].Cosine), float64(list[2][i].Cosine); !(c < 1-1e-9) || !(d < c) {
			t.Errorf("%s %s: cosine %v with 4 steps and %v with 1", b.Learner, b.Group, c, d)
		}
	}
	if calls != 32 {
		t.Errorf("%d calls", calls)
	}
}

func TestMeasureRefuses(t *testing.T) {
	p := plan(t)
	if _, err := Measure(t.Context(), p, metaopt.Truncated{}); err == nil || !strings.Contains(err.Error(), "steps: 0") {
		t.Errorf("%v", err)
	}
	former := p.Subjects[0].Theta
	p.Subjects[0].Theta = former[1:]
	if _, err := Measure(t.Context(), p); err == nil {
		t.Error("parameters of another learner")
	}
	p.Subjects[0].Theta, p.Episodes = former, 0
	if _, err := Measure(t.Context(), p); err == nil {
		t.Error("no episodes")
	}
}
