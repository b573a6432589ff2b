package metaopt

import (
	"context"
	"math"
	"strings"
	"testing"

	"metaplast/data/catalog"
	"metaplast/graph"
	"metaplast/metaopt/optim"
)

// TestRunsOfAllKinds trains with every optimiser, estimator and kind of schedule, kills each run at several
// places, and resumes it with another number of workers: all have the bytes of a run that was left alone.
func TestRunsOfAllKinds(t *testing.T) {
	change := map[string]func(*Settings){
		"truncated": func(s *Settings) { s.Estimator = Truncated{Steps: 2} },
		"cosine":    func(s *Settings) { s.Schedule = optim.WarmUp{Steps: 2, Then: optim.Cosine{Steps: 6, Final: 0.1}} },
	}
	for _, m := range optim.Methods() {
		change[m.Info().Name] = func(s *Settings) { s.Optimizer = m }
	}
	seen := map[string]string{}
	for name, change := range change {
		p := tiny(t)
		change(&p.Settings)
		want, err := train(t, p, t.TempDir(), context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for other, bytes := range seen {
			if bytes == want && !(name == "adam" || other == "adam") {
				t.Errorf("%s and %s train the same", name, other)
			}
		}
		seen[name] = want
		dir := t.TempDir()
		for _, stop := range []int{2, 3, 6} {
			ctx, cancel := context.WithCancel(context.Background())
			q := p
			q.Workers = stop
			q.Progress = func(p Progress) {
				if p.Step >= stop {
					cancel()
				}
			}
			if _, err := train(t, q, dir, ctx); err == nil {
				t.Fatalf("%s: not stopped after meta-step %d", name, stop)
			}
		}
		if have, err := train(t, p, dir, context.Background()); err != nil || have != want {
			t.Errorf("%s: a resumed run differs: %v", name, err)
		}
	}
}

// TestAnotherOptimizer tries to go on with another optimiser than a run was begun with.
func TestAnotherOptimizer(t *testing.T) {
	p := tiny(t)
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	p.Progress = func(Progress) { cancel() }
	if _, err := train(t, p, dir, ctx); err == nil {
		t.Fatal("not stopped")
	}
	tr, err := NewTrainer(p)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	saved := tr.State()
	p.Settings.Optimizer = optim.DefaultLion
	other, err := NewTrainer(p)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := other.Restore("x.npz", saved); err == nil || !strings.Contains(err.Error(), "trained by adam [adam_m adam_v], want lion [lion_m]") {
		t.Errorf("%v", err)
	}
}

// broken estimates a gradient of NaN for one learner and says nothing of it.
type broken struct{ Exact }

func (broken) Info() catalog.Info { return catalog.Info{Name: "broken"} }

func (b broken) New(m *graph.Model) (Estimator, error) {
	e, err := b.Exact.New(m)
	return &spoiler{e}, err
}

type spoiler struct{ Estimator }

func (s *spoiler) Estimate(w *Work) error {
	err := s.Estimator.Estimate(w)
	w.Gradient[1][3] = math.NaN()
	return err
}

// TestBrokenEstimator: nothing that is not finite reaches the parameters, whatever an estimator says.
func TestBrokenEstimator(t *testing.T) {
	p := tiny(t)
	p.Settings.Estimator, p.Settings.MaxDiverged = broken{}, 0
	tr, err := NewTrainer(p)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	flp, oml := tr.Theta(0), tr.Theta(1)
	if err := tr.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if c := tr.State(); c.Learners[0].Diverged != 0 || c.Learners[1].Diverged != 24 {
		t.Errorf("%d and %d episodes diverged, want 0 and all 24", c.Learners[0].Diverged, c.Learners[1].Diverged)
	}
	moved := func(a, b []float64) (d float64) {
		for i := range a {
			d += math.Abs(a[i] - b[i])
		}
		return d
	}
	if moved(flp, tr.Theta(0)) == 0 || moved(oml, tr.Theta(1)) != 0 {
		t.Errorf("flp moved by %v, oml by %v", moved(flp, tr.Theta(0)), moved(oml, tr.Theta(1)))
	}
}
