package metaopt

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/graph"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/optim"
	"metaplast/metaopt/record"
)

// exploding makes every third training episode overflow float32, for every learner.
type exploding struct{ data.Sine }

func (s exploding) Sample(seed uint64, split data.Split, step, episode uint64) (data.Episode, error) {
	ep, err := s.Sine.Sample(seed, split, step, episode)
	if err == nil && split == data.Train && diverges(step, episode) {
		for i := range ep.QueryY.Data().([]float64) {
			ep.QueryY.Data().([]float64)[i] *= 1e30
		}
	}
	return ep, err
}

func diverges(step, episode uint64) bool { return (3*step+episode)%3 == 1 }

// byHand is a plan whose clipping, schedule and divergence all take part.
func byHand(t *testing.T) Plan {
	p := tiny(t)
	p.Sampler = exploding{p.Sampler.(data.Sine)}
	p.Settings.Clip = 4 // above some of the norms and below others
	p.Settings.Schedule = optim.MultiStep{Milestones: []int{3}, Gamma: 0.5}
	p.Settings.MaxDiverged = 2 // never two in a row
	p.Settings.LogEvery = 1    // all records are asked for
	return p
}

// TestMetaStepByHand repeats a run with the formulas of the Trainer and of Adam (Kingma & Ba
// 2015, Algorithm 1) written out, and asks for the same parameters and the same records: loss
// and gradient are means over the episodes that did not diverge.
func TestMetaStepByHand(t *testing.T) {
	p := byHand(t)
	records := map[string]map[string]float64{} // by learner and meta-step
	p.Recorder = recordFunc(func(r record.Record) {
		if r.Kind == record.KindTrain {
			m := map[string]float64{}
			for _, v := range r.Metrics {
				m[v.Name] = v.Value
			}
			records[fmt.Sprint(r.Learner, " ", r.Step)] = m
		}
	})
	tr, err := NewTrainer(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.Run(context.Background()); err != nil {
		t.Fatal(err)
	}

	spec := p.Sampler.Spec()
	cfg := p.Graph
	cfg.Steps, cfg.Batch, cfg.Query = spec.Steps, spec.Batch, spec.Query
	u, err := graph.Unroll(cfg)
	if err != nil {
		t.Fatal(err)
	}
	clipped, whole := 0, 0
	for i := range cfg.Learners {
		layout := u.Layout(i)
		theta := layout.Init(p.Seed)
		n := len(theta)
		m, v, g := make([]float64, n), make([]float64, n), make([]float64, n)
		for step := range p.Settings.Steps {
			mean, good, loss := make([]float64, n), 0.0, 0.0
			for e := range p.Settings.Batch {
				if diverges(uint64(step), uint64(e)) {
					continue
				}
				ep, err := p.Sampler.Sample(p.Seed, data.Train, uint64(step), uint64(e))
				if err != nil {
					t.Fatal(err)
				}
				if err := errors.Join(u.Bind(ep.Arrays()), setAll(u, i, theta), u.Run()); err != nil {
					t.Fatal(err)
				}
				if !u.Gradient(i, g) {
					t.Fatal("an ordinary episode diverges")
				}
				good++
				loss += u.Loss(i)
				for j := range g {
					mean[j] += g[j]
				}
			}
			norm := 0.0
			for j := range mean {
				mean[j] /= good
				norm += mean[j] * mean[j]
			}
			name := fmt.Sprint(cfg.Learners[i].Name, " ", step+1)
			for metric, want := range map[string]float64{"loss_mean": loss / good, "grad_norm": math.Sqrt(norm)} {
				if have, ok := records[name][metric]; !ok || !(math.Abs(have-want) <= 1e-5*want) { // float32, as below
					t.Errorf("%s: %s is %v: by hand %v, over %v of %d episodes", name, metric, have, want, good, p.Settings.Batch)
				}
			}
			shrink := 1.0
			if norm = math.Sqrt(norm); norm > p.Settings.Clip {
				shrink = p.Settings.Clip / norm
				clipped++
			} else {
				whole++
			}
			factor := 1.0
			if step >= 3 {
				factor = 0.5
			}
			k := float64(step + 1)
			for _, par := range layout {
				if !par.Learned {
					continue
				}
				for j := par.Offset; j < par.Offset+par.Size; j++ {
					x := mean[j] * shrink
					m[j] = 0.9*m[j] + 0.1*x
					v[j] = 0.999*v[j] + 0.001*x*x
					theta[j] -= factor * p.Settings.Rates[par.Group] * (m[j] / (1 - math.Pow(0.9, k))) / (math.Sqrt(v[j]/(1-math.Pow(0.999, k))) + 1e-8)
				}
			}
		}
		for j, want := range theta {
			if got := tr.Theta(i)[j]; math.Abs(got-want) > 1e-7*(1+math.Abs(want)) { // the graph is float32: rounding of θ comes back through the gradients
				t.Fatalf("learner %d, θ[%d]: %v: by hand %v", i, j, got, want)
			}
		}
	}
	if clipped == 0 || whole == 0 {
		t.Errorf("%d gradients clipped, %d whole: the test wants some of both", clipped, whole)
	}
}

func setAll(u *graph.Unrolled, i int, theta []float64) error {
	for k := range u.Learners() {
		th := theta
		if k != i {
			th = u.Layout(k).Init(0)
		}
		if err := u.SetParams(k, th); err != nil {
			return err
		}
	}
	return nil
}

// TestGradientTooLarge has a finite loss whose gradient is finite too, and of no use to an optimiser that
// squares it: the episode is left out, however short clipping would make it.
func TestGradientTooLarge(t *testing.T) {
	p := tiny(t)
	p.Graph.Dtype = tensor.Float64
	p.Sampler = sampling{Sampler: p.Sampler, change: func(ep data.Episode, split data.Split, step uint64) {
		if split == data.Train && step == 4 {
			ep.QueryY.Data().([]float64)[0] = 1e153
		}
	}}
	var said []string
	p.Recorder = recordFunc(func(r record.Record) {
		if r.Kind == record.KindDiverged {
			said = append(said, r.Message)
		}
	})
	tr, err := NewTrainer(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if len(said) != 6 || !strings.Contains(said[0], tooLarge) {
		t.Errorf("%q: want %q of three episodes of two learners", said, tooLarge)
	}
}

// TestDivergedNotInARow lets every third episode diverge: counted, but never two in a row,
// through an interruption too.
func TestDivergedNotInARow(t *testing.T) {
	dir := t.TempDir()
	want, err := train(t, byHand(t), dir, context.Background())
	if err != nil {
		t.Fatal(err)
	}
	c, err := checkpoint.Load(dir + "/checkpoint.npz")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range c.Learners {
		if l.Diverged != 8 || l.DivergedInRow != 0 {
			t.Errorf("%s: %d diverged, %d in a row: want 8 and 0", l.Name, l.Diverged, l.DivergedInRow)
		}
	}
	again := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	p := byHand(t)
	p.Progress = func(pr Progress) {
		if pr.Step == 5 {
			cancel()
		}
	}
	if _, err := train(t, p, again, ctx); !errors.Is(err, ErrInterrupted) {
		t.Fatal(err)
	}
	if got, err := train(t, byHand(t), again, context.Background()); err != nil || got != want {
		t.Errorf("interrupted and resumed: error %v, same bytes %v", err, got == want)
	}
}

// TestEvaluationSteps asks for the evaluations of the settings, and the last.
func TestEvaluationSteps(t *testing.T) {
	p := tiny(t)
	p.Settings.Steps, p.Settings.EvalEvery = 7, 3
	var steps []int
	p.Recorder = recordFunc(func(r record.Record) {
		if r.Kind == record.KindEval && r.Learner == "oml" {
			steps = append(steps, r.Step)
		}
	})
	tr, err := NewTrainer(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if len(steps) != 4 || steps[0] != 0 || steps[1] != 3 || steps[2] != 6 || steps[3] != 7 {
		t.Errorf("evaluations at %v: want 0, 3, 6 and 7", steps)
	}
}
