package analysis

import (
	"context"
	"math"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/data/glyphs"
	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/metaopt/evaluate"
)

// learner returns a subject with its initial meta-parameters.
func learner(t *testing.T, preset string, n graph.Network) evaluate.Subject {
	t.Helper()
	l, err := graph.Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	l.InnerLR = 0.01
	layout, err := graph.NewLayout(n, l)
	if err != nil {
		t.Fatal(err)
	}
	return evaluate.Subject{Name: preset, Theta: layout.Init(3),
		Graph: graph.Config{Network: n, Learners: []graph.NamedLearner{{Name: preset, Learner: l}}, Dtype: tensor.Float64}}
}

// TestAnswers compares with the unrolled episode, cut off at each point.
func TestAnswers(t *testing.T) {
	task := data.Sine{Functions: 2, Steps: 2, Batch: 3, Query: 4, Order: data.Continual}
	ep, err := task.Sample(1, data.HeldOut, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	subjects := []evaluate.Subject{learner(t, "flp", graph.MLP(3, []int{5}, 1, 0, objective.MSE)), learner(t, "oml", graph.MLP(3, []int{5}, 1, 0, objective.MSE))}
	after := []int{0, 2, 2, 4}
	got, err := Answers(context.Background(), subjects, ep, after)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range subjects {
		if len(got[i]) != len(after) {
			t.Fatalf("%s: %d answers, want %d", s.Name, len(got[i]), len(after))
		}
		for p, steps := range after {
			loss := 0.0
			for q, v := range ep.QueryY.Data().([]float64) {
				loss += math.Pow(got[i][p][q]-v, 2) / float64(len(ep.QueryTask))
			}
			if want := unrolled(t, s, ep, steps); math.Abs(loss-want) > 1e-12*want {
				t.Errorf("%s after %d inner steps: loss %v, unrolled %v", s.Name, steps, loss, want)
			}
		}
	}
	if got[0][0][0] == got[0][3][0] {
		t.Error("the answers do not change")
	}
}

// unrolled is the query loss of an episode that ends after some inner steps.
func unrolled(t *testing.T, s evaluate.Subject, ep data.Episode, steps int) float64 {
	t.Helper()
	cfg := s.Graph
	cfg.Steps, cfg.Batch, cfg.Query, cfg.Forward = steps, ep.SupportX.Shape()[1], ep.QueryX.Shape()[0], true
	if steps == 0 { // a rate of 0 leaves the weights as they are
		cfg.Steps = 1
		l := cfg.Learners[0]
		l.Learner.InnerLR = 0
		cfg.Learners = []graph.NamedLearner{l}
		layout, err := graph.NewLayout(cfg.Network, l.Learner)
		if err != nil {
			t.Fatal(err)
		}
		s.Theta, steps = layout.Init(3), 1
	}
	u, err := graph.Unroll(cfg)
	if err != nil {
		t.Fatal(err)
	}
	x, y, queryX, queryY := ep.Arrays()
	all := ep.SupportX.Shape()[0]
	if err := u.Bind(x[:len(x)/all*steps], y[:len(y)/all*steps], queryX, queryY); err != nil {
		t.Fatal(err)
	}
	if err := u.SetParams(0, s.Theta); err != nil {
		t.Fatal(err)
	}
	if err := u.Run(); err != nil {
		t.Fatal(err)
	}
	return u.Loss(0)
}

func TestAnswersRefuse(t *testing.T) {
	task := data.Sine{Functions: 1, Steps: 2, Batch: 1, Query: 1}
	ep, err := task.Sample(1, data.HeldOut, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := learner(t, "oml", graph.MLP(2, []int{3}, 1, 0, objective.MSE))
	for _, after := range [][]int{{-1}, {3}, {2, 1}} {
		if _, err := Answers(context.Background(), []evaluate.Subject{s}, ep, after); err == nil || !strings.Contains(err.Error(), "from 0 to 2") {
			t.Errorf("after %v: %v", after, err)
		}
	}
	s.Theta = s.Theta[1:]
	if _, err := Answers(context.Background(), []evaluate.Subject{s}, ep, []int{0}); err == nil || !strings.Contains(err.Error(), "oml") {
		t.Errorf("parameters of another length: %v", err)
	}
}

// TestConfuse counts by hand, and with other numbers of workers.
func TestConfuse(t *testing.T) {
	bank, err := glyphs.Load(context.Background(), glyphs.Config{Size: 8})
	if err != nil {
		t.Fatal(err)
	}
	task := data.Classification{Bank: bank, Ways: 3, Shots: 2, Batch: 1, Query: 3, Outputs: 5}
	n := graph.MLP(1, []int{6}, 5, 0, objective.CrossEntropy)
	n.Input = []int{1, 8, 8}
	subjects := []evaluate.Subject{learner(t, "oml", n), learner(t, "flp", n)}
	o := Options{Episodes: 4, Seed: 9, Workers: 1}
	got, err := Confuse(context.Background(), subjects, task, o)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range subjects {
		want := make([][]float64, 3)
		for k := range want {
			want[k] = make([]float64, 4)
		}
		for e := range o.Episodes {
			plan, err := task.Plan(o.Seed, data.HeldOut, 0, uint64(e))
			if err != nil {
				t.Fatal(err)
			}
			ep, err := plan.Episode()
			if err != nil {
				t.Fatal(err)
			}
			out, err := Answers(context.Background(), []evaluate.Subject{s}, ep, []int{6})
			if err != nil {
				t.Fatal(err)
			}
			for q, ex := range plan.Query {
				answer, best := 3, math.Inf(-1)
				for u := range 5 {
					if v := out[0][0][q*5+u]; v > best {
						best, answer = v, 3
						for a, unit := range plan.Units {
							if unit == u {
								answer = a
							}
						}
					}
				}
				want[ex.Task][answer] += 1.0 / float64(3*o.Episodes)
			}
		}
		for k := range want {
			for a := range want[k] {
				if math.Abs(got[i].Share[k][a]-want[k][a]) > 1e-12 {
					t.Errorf("%s: class %d answered by %d: %v, want %v", s.Name, k, a, got[i].Share[k][a], want[k][a])
				}
			}
		}
	}
	o.Workers = 3
	again, err := Confuse(context.Background(), subjects, task, o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		for k, row := range got[i].Share {
			for a, v := range row {
				if again[i].Share[k][a] != v {
					t.Errorf("with 3 workers %v, with 1 %v", again[i].Share[k][a], v)
				}
			}
		}
	}
	if _, err := Confuse(context.Background(), subjects, data.Sine{Functions: 1, Steps: 1, Batch: 1, Query: 1}, o); err == nil {
		t.Error("regression accepted")
	}
}
