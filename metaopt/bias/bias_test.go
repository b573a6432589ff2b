package bias

import (
	"errors"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/metaopt"
	"metaplast/metaopt/evaluate"
)

// plan has learners with so much plasticity that they change, and feedback that does something.
func plan(t *testing.T, alpha float64, change ...func(*graph.Learner)) Plan {
	t.Helper()
	p := Plan{Sampler: data.Sine{Functions: 2, Steps: 4, Batch: 3, Query: 8}, Seed: 3, Episodes: 4}
	cfg := graph.Config{Network: graph.MLP(3, []int{8, 6}, 1, 0, objective.MSE), Dtype: tensor.Float64, Steps: 8, Batch: 3, Query: 8}
	for _, name := range []string{"flp", "oml"} {
		l, err := graph.Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range change {
			c(&l)
		}
		cfg.Learners = append(cfg.Learners, graph.NamedLearner{Name: name, Learner: l})
	}
	var err error
	if p.Subjects, err = evaluate.New(cfg, 3); err != nil {
		t.Fatal(err)
	}
	for _, s := range p.Subjects {
		for _, part := range s.Layout {
			for k := range part.Of(s.Theta) {
				switch part.Group {
				case graph.Plasticity:
					part.Of(s.Theta)[k] = alpha
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
	p := plan(t, 0.02)
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
	p := plan(t, 0.02)
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

// TestAgainstGraphs takes mean gradients by group from graphs of its own, the
// truncated and the whole one, and compares direction and length by their definitions. A group that is not
// learned is left out.
func TestAgainstGraphs(t *testing.T) {
	p := plan(t, 0.003)
	random := p.Subjects[0].Graph
	learner := random.Learners[0].Learner
	learner.Learned.Feedback = false
	random.Learners = []graph.NamedLearner{{Name: "random", Learner: learner}}
	subjects, err := evaluate.New(random, 3)
	if err != nil {
		t.Fatal(err)
	}
	copy(subjects[0].Theta, p.Subjects[0].Theta) // the same arrays at the same places
	p.Subjects = subjects
	list, err := Measure(t.Context(), p, metaopt.Truncated{Steps: 2})
	if err != nil {
		t.Fatal(err)
	}
	s := p.Subjects[0]
	mean := func(truncate int) []float64 {
		cfg := s.Graph
		cfg.Steps, cfg.Batch, cfg.Query, cfg.Truncate = 8, 3, 16, truncate
		u, err := graph.Unroll(cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer u.Close()
		sum, g := make([]float64, len(s.Theta)), make([]float64, len(s.Theta))
		for k := range p.Episodes {
			e, err := p.Sampler.Sample(p.Seed, data.Train, 0, uint64(k))
			if err := errors.Join(err, u.Bind(e.Arrays()), u.SetParams(0, s.Theta), u.Run()); err != nil {
				t.Fatal(err)
			}
			u.Gradient(0, g)
			floats.Add(sum, g)
		}
		floats.Scale(1/float64(p.Episodes), sum)
		return sum
	}
	exact, truncated := mean(0), mean(2)
	var groups []string
	for _, b := range list[0] {
		groups = append(groups, b.Group)
		dot, a2, b2 := 0.0, 0.0, 0.0
		for _, part := range s.Layout {
			if part.Group == b.Group {
				x, y := part.Of(truncated), part.Of(exact)
				dot, a2, b2 = dot+floats.Dot(x, y), a2+floats.Dot(x, x), b2+floats.Dot(y, y)
			}
		}
		if c, r := dot/math.Sqrt(a2*b2), math.Sqrt(a2/b2); math.Abs(float64(b.Cosine)-c) > 1e-12 || math.Abs(float64(b.Ratio)-r) > 1e-12*r || math.Abs(r-1) < 1e-3 {
			t.Errorf("%s: cosine %v, ratio %v: want %v and %v, not close to 1", b.Group, b.Cosine, b.Ratio, c, r)
		}
	}
	if have := strings.Join(groups, " "); have != "weights plasticity strength" {
		t.Errorf("groups %s, want those that are learned", have)
	}
}

// TestMeasureRule: parameters of a rule are a group like the others, and what goes through all steps is exact.
func TestMeasureRule(t *testing.T) {
	p := plan(t, 0.02, func(l *graph.Learner) {
		if l.Rule == "oja" {
			l.Rule = "pool"
		}
	})
	list, err := Measure(t.Context(), p, metaopt.Truncated{Steps: 8}, metaopt.Truncated{Steps: 1})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for i, b := range list[0] {
		if b.Group != graph.RuleOwn {
			continue
		}
		found++
		if short := list[1][i]; math.Abs(float64(b.Cosine)-1) > 1e-12 || !(float64(short.Cosine) < 1-1e-9) {
			t.Errorf("%+v through all steps, %+v through one", b, short)
		}
	}
	if found != 1 {
		t.Errorf("%d groups %s in %+v, want that of flp", found, graph.RuleOwn, list[0])
	}
}

// TestMeasureStream: where the outer loss counts the stream, an estimator that does not is refused as what
// was asked for wrongly.
func TestMeasureStream(t *testing.T) {
	p := plan(t, 0.02)
	for i := range p.Subjects {
		p.Subjects[i].Graph.Objective = graph.Objective{Query: 1, Stream: 0.5}
	}
	_, err := Measure(t.Context(), p, metaopt.Truncated{Steps: 4})
	var given *fault.Input
	if !errors.As(err, &given) || !strings.Contains(err.Error(), "meta.outer_loss.stream 0.5") {
		t.Errorf("%v", err)
	}
	if _, err := Measure(t.Context(), p); err != nil {
		t.Errorf("the exact gradient alone: %v", err)
	}
}
