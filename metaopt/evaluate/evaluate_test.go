package evaluate

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/data/objective"
	"metaplast/graph"
)

var sine = data.Sine{Functions: 2, Steps: 3, Batch: 2, Query: 3}

// subjects are learners of sine episodes, by the widths of their hidden layers.
func subjects(t *testing.T, hidden ...int) []Subject {
	t.Helper()
	cfg := graph.Config{Network: graph.MLP(3, hidden, 1, 0, objective.MSE), Steps: 1, Batch: 1, Query: 1, Dtype: tensor.Float64}
	for _, name := range []string{"flp", "oml"} {
		l, err := graph.Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Learners = append(cfg.Learners, graph.NamedLearner{Name: name, Learner: l})
	}
	list, err := New(cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestEvaluateTogether: a subject's evaluation does not depend on workers, nor on the subjects beside
// it, be they of the same network or of another.
func TestEvaluateTogether(t *testing.T) {
	all := append(subjects(t, 5), subjects(t, 4, 3)...)
	all[2].Name, all[3].Name = "deep flp", "deep oml"
	p := Plan{Sampler: sine, Seed: 7, Episodes: 5}
	var want []Evaluation
	for i := range all {
		e, err := Evaluate(t.Context(), p, all[i:i+1])
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, e...)
	}
	if reflect.DeepEqual(want[0].Losses, want[2].Losses) {
		t.Fatal("all subjects have the same losses: nothing is tested")
	}
	for _, workers := range []int{0, 2, 8} {
		var called, done atomic.Int64
		p.Workers, p.Done = workers, func(n, episodes int) {
			called.Add(1)
			if n == episodes {
				done.Add(1)
			}
		}
		got, err := Evaluate(t.Context(), p, all)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			if got[i].Learner != all[i].Name || !reflect.DeepEqual(got[i].Losses, want[i].Losses) {
				t.Errorf("%d workers, %s: %v, want %v", workers, all[i].Name, got[i].Losses, want[i].Losses)
			}
		}
		if called.Load() != 5 || done.Load() != 1 {
			t.Errorf("told of %d episodes, %d times of the last, want 5 and once", called.Load(), done.Load())
		}
	}
}

// TestEvaluatorAgain: the graphs of an evaluator are those of its first use, parameters are those of each.
func TestEvaluatorAgain(t *testing.T) {
	var e Evaluator
	defer e.Close()
	p, list := Plan{Sampler: sine, Seed: 7, Episodes: 3}, subjects(t, 5)
	first, err := e.Evaluate(t.Context(), p, list)
	if err != nil {
		t.Fatal(err)
	}
	inner := e.workers[0].parts[0].inner
	for i := range list {
		list[i].Theta = list[i].Layout.Init(2)
	}
	other, err := e.Evaluate(t.Context(), p, list)
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := Evaluate(t.Context(), p, list)
	if err != nil {
		t.Fatal(err)
	}
	if e.workers[0].parts[0].inner != inner {
		t.Error("the graph was built again")
	}
	if reflect.DeepEqual(other[0].Losses, first[0].Losses) || !reflect.DeepEqual(other[0].Losses, fresh[0].Losses) {
		t.Errorf("losses %v after %v, want %v", other[0].Losses, first[0].Losses, fresh[0].Losses)
	}
}

func TestEvaluateRefuses(t *testing.T) {
	good := subjects(t, 5)
	short, none := good[0], good[0]
	short.Theta = short.Theta[1:]
	none.Graph.Learners = nil
	var e Evaluator
	defer e.Close()
	if _, err := e.Evaluate(t.Context(), Plan{Sampler: sine, Episodes: 1}, good); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		with     *Evaluator
		episodes int
		subjects []Subject
		is       error
	}{
		"no episodes":    {&Evaluator{}, 0, good, fault.ErrSetting},
		"no subjects":    {&Evaluator{}, 1, nil, fault.ErrSetting},
		"no learner":     {&Evaluator{}, 1, []Subject{good[0], none}, fault.ErrSetting},
		"other subjects": {&e, 1, good[:1], fault.ErrSetting},
	} {
		if _, err := c.with.Evaluate(t.Context(), Plan{Sampler: sine, Episodes: c.episodes}, c.subjects); !errors.Is(err, c.is) {
			t.Errorf("%s: %v, want %v", name, err, c.is)
		}
		c.with.Close()
	}
	if _, err := Evaluate(t.Context(), Plan{Sampler: sine, Episodes: 1}, []Subject{short}); !errors.As(err, new(*graph.DataError)) {
		t.Errorf("θ too short: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Evaluate(ctx, Plan{Sampler: sine, Episodes: 1}, good); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestSubjectCheck: a subject is checked against a task before anything is computed.
func TestSubjectCheck(t *testing.T) {
	good := subjects(t, 5)[0]
	if err := good.Check(sine.Spec()); err != nil {
		t.Error(err)
	}
	other := sine
	other.Functions = 3
	if err := good.Check(other.Spec()); err == nil || !strings.Contains(err.Error(), "the task sine has [4]") {
		t.Errorf("another task: %v", err)
	}
	good.Theta = good.Theta[1:]
	if err := good.Check(sine.Spec()); !errors.Is(err, fault.ErrLength) {
		t.Errorf("too few parameters: %v", err)
	}
}
