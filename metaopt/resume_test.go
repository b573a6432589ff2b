package metaopt

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"metaplast/data"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/record"
)

// sampling calls see before each episode is drawn, and change with what is drawn.
type sampling struct {
	data.Sampler
	see    func(split data.Split, step, episode uint64)
	change func(ep data.Episode, split data.Split, step uint64)
}

func (s sampling) Sample(seed uint64, split data.Split, step, episode uint64) (data.Episode, error) {
	if s.see != nil {
		s.see(split, step, episode)
	}
	ep, err := s.Sampler.Sample(seed, split, step, episode)
	if err == nil && s.change != nil {
		s.change(ep, split, step)
	}
	return ep, err
}

// explodesFrom makes all training episodes from a meta-step on diverge, of every learner.
func explodesFrom(p *Plan, from uint64) {
	p.Sampler = sampling{Sampler: p.Sampler, change: func(ep data.Episode, split data.Split, step uint64) {
		if split == data.Train && step >= from {
			ep.QueryY.Data().([]float64)[0] = 1e300
		}
	}}
}

// TestEvaluationInterrupted ends the context in the middle of each evaluation of a run. It must stop
// there, and the resumed run have the bytes of one that was left alone.
func TestEvaluationInterrupted(t *testing.T) {
	evaluations := 0
	p := tiny(t)
	p.Sampler = sampling{Sampler: p.Sampler, see: func(split data.Split, _, episode uint64) {
		if split != data.Train && episode == 0 {
			evaluations++
		}
	}}
	want, err := train(t, p, t.TempDir(), context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if evaluations != 3 {
		t.Fatalf("%d evaluations, want 3", evaluations)
	}
	for stop := range evaluations {
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(context.Background())
		seen, after := -1, 0
		p := tiny(t)
		p.Sampler = sampling{Sampler: p.Sampler, see: func(split data.Split, _, episode uint64) {
			switch {
			case split == data.Train:
			case ctx.Err() != nil:
				after++
			case episode == 0:
				seen++
			case episode == 2 && seen == stop:
				cancel()
			}
		}}
		if _, err := train(t, p, dir, ctx); !errors.Is(err, ErrInterrupted) || after > 0 {
			t.Fatalf("evaluation %d: error %v, want ErrInterrupted; %d more episodes, want 0", stop, err, after)
		}
		c, err := checkpoint.Load(filepath.Join(dir, "checkpoint.npz"))
		if stop == 0 {
			if !errors.Is(err, os.ErrNotExist) {
				t.Errorf("a checkpoint of nothing: %v", err)
			}
		} else if err != nil || c.Step != 4*stop || !c.Pending {
			t.Errorf("evaluation %d: checkpoint %+v, %v", stop, c, err)
		}
		got, err := train(t, tiny(t), dir, context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("evaluation %d interrupted and resumed: other bytes", stop)
		}
	}
}

// TestSoundCheckpoint: when learners diverge for good, the newest checkpoint of the schedule from
// before stays, also if the run is interrupted on the way; a run that stopped for it does not go on.
func TestSoundCheckpoint(t *testing.T) {
	plan := func(from uint64) Plan {
		p := tiny(t)
		p.Settings.Steps, p.Settings.MaxDiverged, p.Settings.CheckpointEvery, p.Settings.EvalEvery, p.Settings.KeepEvery = 40, 20, 2, 0, 0
		explodesFrom(&p, from)
		return p
	}
	// Steps from..from+6 diverge, three episodes each; checkpoints are saved at all even steps.
	// At 8 the parameters are only known to be sound if step 9 went through.
	for from, want := range map[uint64]int{8: 6, 9: 8, 1: 0} {
		whole := t.TempDir()
		text, err := train(t, plan(from), whole, context.Background())
		var d *DivergedError
		if !errors.As(err, &d) || d.Row < 20 || d.Step != int(from)+7 || d.Last == "" {
			t.Fatalf("error %v: want a DivergedError after meta-step %d", err, from+7)
		}
		for _, path := range []string{"checkpoint.npz", "checkpoint.prev.npz"} {
			c, err := checkpoint.Load(filepath.Join(whole, path))
			if err != nil || c.Learners[0].DivergedInRow == 0 {
				t.Fatalf("%s: %v: want one in the midst of the divergence, or the test shows nothing", path, err)
			}
		}
		sound, err := checkpoint.Load(checkpoint.SoundPath(filepath.Join(whole, "checkpoint.npz")))
		if err != nil || sound.Step != want || sound.Learners[0].DivergedInRow != 0 {
			t.Fatalf("from %d: sound checkpoint of step %+v, %v: want step %d", from, sound, err, want)
		}

		again, err := train(t, plan(from), whole, context.Background())
		if !errors.As(err, &d) || d.Step != int(from)+7 || d.Learner != "flp" {
			t.Errorf("resumed: error %v, want the DivergedError", err)
		}
		if again != text {
			t.Error("resumed: files changed")
		}

		if from != 8 {
			continue
		}
		dir := t.TempDir()
		for stop := 1; stop < int(from)+7; stop++ {
			ctx, cancel := context.WithCancel(context.Background())
			p := plan(from)
			p.Progress = func(Progress) { cancel() }
			if _, err := train(t, p, dir, ctx); !errors.Is(err, ErrInterrupted) {
				t.Fatal(err)
			}
		}
		got, err := train(t, plan(from), dir, context.Background())
		if !errors.As(err, &d) || got != text {
			t.Errorf("from %d, interrupted at every step: %v; same bytes %v", from, err, got == text)
		}
	}
}

// TestStopInsideABatch: an episode that goes well after the last that may diverge, in the same
// meta-step, does not undo the stop.
func TestStopInsideABatch(t *testing.T) {
	p := tiny(t)
	p.Settings.MaxDiverged = 2
	n := 0
	p.Sampler = sampling{Sampler: p.Sampler, change: func(ep data.Episode, split data.Split, step uint64) {
		if split == data.Train && step == 1 {
			if n++; n < 3 {
				ep.QueryY.Data().([]float64)[0] = 1e300
			}
		}
	}}
	dir := t.TempDir()
	var d *DivergedError
	if _, err := train(t, p, dir, context.Background()); !errors.As(err, &d) {
		t.Fatalf("error %v", err)
	}
	if _, err := train(t, tinyStopping(t, 2), dir, context.Background()); !errors.As(err, &d) || d.Step != 2 {
		t.Errorf("resumed: error %v, want a DivergedError after meta-step 2", err)
	}
}

func tinyStopping(t *testing.T, max int) Plan {
	p := tiny(t)
	p.Settings.MaxDiverged = max
	return p
}

// TestLogEvery thins the records of training, and nothing else.
func TestLogEvery(t *testing.T) {
	for every, want := range map[int][]int{0: {1, 2, 3, 4, 5, 6, 7, 8}, 1: {1, 2, 3, 4, 5, 6, 7, 8}, 3: {3, 6, 8}, 8: {8}, 100: {8}} {
		p := tiny(t)
		p.Settings.LogEvery = every
		var steps, evals []int
		diverged, total := 0, 0.0
		p.Sampler = sampling{Sampler: p.Sampler, change: func(ep data.Episode, split data.Split, step uint64) {
			if split == data.Train && step == 4 {
				ep.QueryY.Data().([]float64)[0] = 1e300
			}
		}}
		p.Recorder = recordFunc(func(r record.Record) {
			switch {
			case r.Kind == record.KindDiverged:
				diverged++
			case r.Learner != "flp":
			case r.Kind == record.KindTrain:
				steps, total = append(steps, r.Step), r.Metrics[3].Value
			default:
				evals = append(evals, r.Step)
			}
		})
		tr, err := NewTrainer(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := tr.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(steps, want) || !slices.Equal(evals, []int{0, 4, 8}) || diverged != 6 || total != 3 {
			t.Errorf("log_every %d: train %v, want %v; eval %v; %d diverged in records, %v in the last", every, steps, want, evals, diverged, total)
		}
	}
}

// TestKeptCheckpoints: those of every KeepEvery meta-steps stay, and one that a death kept from being
// made is made when the run goes on.
func TestKeptCheckpoints(t *testing.T) {
	dir := t.TempDir()
	p := tiny(t)
	p.Settings.KeepEvery = 2
	ctx, cancel := context.WithCancel(context.Background())
	p.Progress = func(pr Progress) {
		if pr.Step == 6 {
			cancel()
		}
	}
	if _, err := train(t, p, dir, ctx); !errors.Is(err, ErrInterrupted) {
		t.Fatal(err)
	}
	kept := func(step int) string { return checkpoint.KeptPath(filepath.Join(dir, "checkpoint.npz"), step) }
	if err := os.Remove(kept(6)); err != nil {
		t.Fatal(err)
	}
	p.Progress = nil
	if _, err := train(t, p, dir, context.Background()); err != nil {
		t.Fatal(err)
	}
	for step := 2; step <= 8; step += 2 {
		if c, err := checkpoint.Load(kept(step)); err != nil || c.Step != step {
			t.Errorf("step %d: %+v, %v", step, c, err)
		}
	}
	if filepath.Base(kept(4)) != "checkpoint-000004.npz" {
		t.Errorf("the name is %s", kept(4))
	}
}
