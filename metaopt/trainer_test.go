package metaopt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/graph"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/record"
)

// tiny is a run of a second or less, with a local and a gradient learner.
func tiny(t *testing.T) Plan {
	t.Helper()
	flp, err := graph.Preset("flp")
	if err != nil {
		t.Fatal(err)
	}
	flp.FeedbackActivation, flp.Examples = graph.Linear, graph.MeanExamples
	oml, err := graph.Preset("oml")
	if err != nil {
		t.Fatal(err)
	}
	return Plan{
		Graph: graph.Config{
			Network:  graph.MLP(3, []int{6, 5}, 1, 0, "mse"),
			Learners: []graph.NamedLearner{{Name: "flp", Learner: flp}, {Name: "oml", Learner: oml}},
			Dtype:    tensor.Float32,
		},
		Sampler: data.Sine{Functions: 2, Steps: 3, Batch: 2, Query: 4},
		Settings: Settings{Steps: 8, Batch: 3, Rates: map[string]float64{graph.Weights: 1e-2, graph.Feedback: 1e-2, graph.Plasticity: 1e-3, graph.Strength: 1e-2},
			Clip: 1, EvalEvery: 4, EvalEpisodes: 5, CheckpointEvery: 3, KeepEvery: 5, LogEvery: 2},
		Seed:        7,
		Fingerprint: "test",
	}
}

// train runs a plan in a folder and returns the bytes of its checkpoint and metrics.
func train(t *testing.T, p Plan, dir string, ctx context.Context) (string, error) {
	t.Helper()
	p.Checkpoint = filepath.Join(dir, "checkpoint.npz")
	last := -1
	c, err := checkpoint.Load(p.Checkpoint)
	if err == nil {
		last = c.Step
	}
	log, err := record.OpenJSONL(filepath.Join(dir, "metrics.jsonl"), last)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	p.Recorder = log
	tr, err := NewTrainer(p)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	if c != nil {
		if err := tr.Restore(p.Checkpoint, c); err != nil {
			t.Fatal(err)
		}
	}
	err = tr.Run(ctx)
	return files(t, dir), err
}

// files are the names and contents of what is in a folder, but for the previous checkpoint, which
// tells of interruptions.
func files(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	for _, e := range entries {
		if e.Name() == "checkpoint.prev.npz" {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&all, "%s\n%s\n", e.Name(), b)
	}
	return all.String()
}

func TestSameBytesTwiceAndForAnyWorkers(t *testing.T) {
	var want string
	for i, workers := range []int{1, 1, 2, 3} {
		p := tiny(t)
		p.Workers = workers
		got, err := train(t, p, t.TempDir(), context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			want = got
		} else if got != want {
			t.Errorf("run %d with %d workers: other bytes than the first run", i, workers)
		}
	}
	p := tiny(t)
	p.Seed++
	if got, err := train(t, p, t.TempDir(), context.Background()); err != nil || got == want {
		t.Errorf("another seed: error %v, same bytes %v", err, got == want)
	}
}

// TestResume interrupts a run after every number of meta-steps, and kills it without warning
// after some, and asks for the bytes of an uninterrupted one.
func TestResume(t *testing.T) {
	want, err := train(t, tiny(t), t.TempDir(), context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for stop := range tiny(t).Settings.Steps {
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(context.Background())
		p := tiny(t)
		p.Progress = func(pr Progress) {
			if pr.Step >= stop {
				cancel()
			}
		}
		if _, err := train(t, p, dir, ctx); !errors.Is(err, ErrInterrupted) {
			t.Fatalf("stop at %d: error %v: want ErrInterrupted", stop, err)
		}
		got, err := train(t, tiny(t), dir, context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("interrupted at %d and resumed: other bytes", stop)
		}
	}
	for stop := range tiny(t).Settings.Steps {
		dir := t.TempDir()
		p := tiny(t)
		p.Progress = func(pr Progress) {
			if pr.Step == stop {
				panic("killed")
			}
		}
		func() {
			defer func() { _ = recover() }()
			_, _ = train(t, p, dir, context.Background())
		}()
		got, err := train(t, tiny(t), dir, context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("killed at %d and resumed: other bytes", stop)
		}
	}
}

// TestRanks trains on two ranks in one process and asks for the bits of one rank.
func TestTrainerRanks(t *testing.T) {
	one, err := NewTrainer(tiny(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := one.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	h := newHub(2)
	var wg sync.WaitGroup
	thetas := make([][]float64, 2)
	for rank := range 2 {
		p := tiny(t)
		p.Reducer = h.workers[rank]
		wg.Add(1)
		go func() {
			defer wg.Done()
			tr, err := NewTrainer(p)
			if err == nil {
				err = tr.Run(context.Background())
			}
			if err != nil {
				t.Error(err)
				return
			}
			thetas[rank] = tr.Theta(0)
		}()
	}
	wg.Wait()
	for i, v := range one.Theta(0) {
		if thetas[0][i] != v || thetas[1][i] != v {
			t.Fatalf("θ[%d]: one rank %v, two ranks %v and %v", i, v, thetas[0][i], thetas[1][i])
		}
	}
}

// TestDiverged makes every episode of one learner diverge: the other one must train as if it
// were alone, the report must name the place, and the run must stop with its state saved.
func TestDiverged(t *testing.T) {
	explode := func(p *Plan) {
		p.Graph.Learners[0].Learner.InnerLR = 1e20
		p.Graph.Learners[0].Learner.Rule = "oja"
	}
	p := tiny(t)
	explode(&p)
	p.Settings.MaxDiverged = 0
	var records []record.Record
	p.Recorder = recordFunc(func(r record.Record) { records = append(records, r) })
	tr, err := NewTrainer(p)
	if err != nil {
		t.Fatal(err)
	}
	before := tr.Theta(0)
	if err := tr.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	for i, v := range tr.Theta(0) {
		if v != before[i] {
			t.Fatalf("θ[%d] of the diverged learner changed", i)
		}
	}
	alone := tiny(t)
	alone.Graph.Learners = alone.Graph.Learners[1:]
	ref, err := NewTrainer(alone)
	if err != nil {
		t.Fatal(err)
	}
	if err := ref.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	for i, v := range ref.Theta(0) {
		if tr.Theta(1)[i] != v {
			t.Fatalf("θ[%d] of the other learner: %v, alone %v", i, tr.Theta(1)[i], v)
		}
	}
	places, evals := 0, 0
	for _, r := range records {
		switch r.Kind {
		case record.KindDiverged:
			places++
			for _, part := range []string{"meta-step", "episode", "flp", "inner step", "layer"} {
				if !strings.Contains(r.Message, part) {
					t.Fatalf("report %q: want the %s", r.Message, part)
				}
			}
		case record.KindEval:
			if r.Learner == "flp" {
				evals++
				if d := r.Metrics[len(r.Metrics)-1]; d.Name != "diverged" || d.Value != 5 {
					t.Errorf("evaluation: %v: want all 5 episodes diverged", d)
				}
			}
		}
	}
	if want := p.Settings.Steps * p.Settings.Batch; places != want || evals == 0 {
		t.Errorf("%d reports, %d evaluations: want %d and some", places, evals, want)
	}

	p = tiny(t)
	explode(&p)
	p.Settings.MaxDiverged = 4
	dir := t.TempDir()
	_, err = train(t, p, dir, context.Background())
	var d *DivergedError
	if !errors.As(err, &d) || d.Row != 4 || d.Learner != "flp" {
		t.Fatalf("error %v: want a DivergedError after 4 in a row", err)
	}
	c, err := checkpoint.Load(filepath.Join(dir, "checkpoint.npz"))
	if err != nil || c.Step != 2 || c.Learners[0].DivergedInRow < 4 {
		t.Fatalf("checkpoint %+v, %v: want one of step 2", c, err)
	}
	for _, v := range c.Learners[0].Theta {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Fatal("NaN in the checkpoint")
		}
	}
}

type recordFunc func(record.Record)

func (f recordFunc) Record(r record.Record) error { f(r); return nil }
func (f recordFunc) Close() error                 { return nil }

// TestTrainingLowersTheLoss trains both learners for a while.
func TestTrainingLowersTheLoss(t *testing.T) {
	p := tiny(t)
	p.Graph.Network = graph.MLP(3, []int{24, 24}, 1, 0, "mse")
	p.Settings.Steps, p.Settings.EvalEpisodes, p.Settings.Batch = 300, 30, 1
	p.Graph.Learners[1].Learner.InnerLR = 0.01
	var first, last []evaluate.Evaluation
	p.Progress = func(pr Progress) {
		if pr.Evaluations == nil {
			return
		}
		if pr.Step == 0 {
			first = pr.Evaluations
		}
		last = pr.Evaluations
	}
	tr, err := NewTrainer(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	for i := range last {
		if !(last[i].Mean < 0.8*first[i].Mean) {
			t.Errorf("%s: held-out loss %v before, %v after: want a fall", last[i].Learner, first[i].Mean, last[i].Mean)
		}
		t.Logf("%s: %.3f → %.3f", last[i].Learner, first[i].Mean, last[i].Mean)
	}
}

// TestOwnRates: with rates of its own a learner is trained as in a run with these rates, and the
// others are as before.
func TestOwnRates(t *testing.T) {
	theta := func(p Plan) [2][]float64 {
		tr, err := NewTrainer(p)
		if err != nil {
			t.Fatal(err)
		}
		defer tr.Close()
		if err := tr.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		return [2][]float64{tr.Theta(0), tr.Theta(1)}
	}
	p := tiny(t)
	before := theta(p)
	p.Settings.OwnRates = map[string]map[string]float64{"flp": {graph.Weights: 3e-3, graph.Plasticity: 1e-4}}
	own := theta(p)
	p.Settings.OwnRates = nil
	p.Settings.Rates[graph.Weights], p.Settings.Rates[graph.Plasticity] = 3e-3, 1e-4
	all := theta(p)
	if !slices.Equal(own[0], all[0]) || slices.Equal(own[0], before[0]) {
		t.Error("flp with rates of its own is not what it is with these rates for all")
	}
	p.Settings.OwnRates = map[string]map[string]float64{"fpl": {graph.Weights: 1}}
	if _, err := NewTrainer(p); err == nil || !strings.Contains(err.Error(), `"fpl"`) {
		t.Errorf("rates of a learner that is not there: %v", err)
	}
	if !slices.Equal(own[1], before[1]) || slices.Equal(own[1], all[1]) {
		t.Error("oml is not what it was before")
	}
}
