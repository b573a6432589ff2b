package metaopt

import (
	"context"
	"fmt"
	"math"

	"golang.org/x/sync/errgroup"

	"metaplast/data"
	"metaplast/graph"
	"metaplast/metaopt/optim"
	"metaplast/metaopt/record"
)

// metaStep is one round: episodes, sum, clip, update, records.
func (t *Trainer) metaStep(ctx context.Context) error {
	places, err := t.runEpisodes()
	if err != nil {
		return err
	}
	if err := t.plan.Reducer.Sum(ctx, t.rows); err != nil {
		return fmt.Errorf("meta-step %d: %w", t.step, err)
	}
	factor := t.plan.Settings.schedule().Factor(t.step)
	due := t.plan.Settings.trainDue(t.step + 1)
	var stop *DivergedError
	for i, l := range t.learners {
		good := 0
		loss := 0.0
		for e := range t.plan.Settings.Batch {
			row := t.rows[e*t.width+l.at:][:len(l.theta)+2]
			if row[len(l.theta)+1] == 0 {
				l.row++
				l.diverged++
				if err := t.recordDiverged(l, e, places[e][i]); err != nil {
					return err
				}
				if m := t.plan.Settings.MaxDiverged; m > 0 && l.row >= m && stop == nil {
					stop = &DivergedError{Learner: l.name, Row: l.row, Step: t.step + 1, Last: t.place(e, places[e][i])}
				}
				continue
			}
			l.row = 0
			good++
			loss += row[len(l.theta)]
			if e > 0 { // a row that diverged is zero
				for j, g := range row[:len(l.theta)] {
					l.grad[j] += g
				}
			}
		}
		l.loss = math.NaN()
		norm := math.NaN()
		if good > 0 {
			l.loss = loss / float64(good)
			for j := range l.grad {
				l.grad[j] /= float64(good)
			}
			if norm, err = optim.Clip(l.grad, t.plan.Settings.Clip); err != nil {
				return fmt.Errorf("meta-step %d, learner %s: %w", t.step, l.name, err)
			}
			if err := l.optimizer.Step(l.theta, l.grad, factor); err != nil {
				return fmt.Errorf("meta-step %d, learner %s: %w", t.step, l.name, err)
			}
		}
		if stop != nil && stop.Learner == l.name {
			l.row = max(l.row, stop.Row) // the run has stopped, whatever the rest of the batch did
		}
		if !due {
			continue
		}
		err := t.plan.Recorder.Record(record.Record{Step: t.step + 1, Kind: record.KindTrain, Learner: l.name, Metrics: []record.Metric{
			{Name: "loss_mean", Value: l.loss}, {Name: "grad_norm", Value: norm}, {Name: "rate_factor", Value: factor}, {Name: "diverged_total", Value: float64(l.diverged)},
		}})
		if err != nil {
			return err
		}
	}
	t.step++
	t.pending = t.plan.Settings.EvaluationDue(t.step)
	if due {
		t.logged = t.step
	}
	t.report(nil)
	if stop != nil {
		return stop
	}
	return t.proven()
}

func (t *Trainer) place(e int, at string) string {
	return fmt.Sprintf("meta-step %d, episode %d, %s", t.step, e, at)
}

func (t *Trainer) recordDiverged(l *trained, e int, at string) error {
	return t.plan.Recorder.Record(record.Record{Step: t.step + 1, Kind: record.KindDiverged, Learner: l.name,
		Metrics: []record.Metric{{Name: "in_a_row", Value: float64(l.row)}}, Message: t.place(e, at)})
}

// runEpisodes fills the rows of this rank's episodes, with its workers side by side, and
// returns where each learner diverged in each episode.
func (t *Trainer) runEpisodes() ([][]string, error) {
	batch, rank, ranks := t.plan.Settings.Batch, t.plan.Reducer.Rank(), t.plan.Reducer.Size()
	clear(t.rows)
	places := make([][]string, batch)
	for e := range places {
		places[e] = make([]string, len(t.learners))
	}
	from, to := batch*rank/ranks, batch*(rank+1)/ranks
	var g errgroup.Group
	for w, worker := range t.workers {
		g.Go(graph.Guarded(func() error {
			for e := from + w; e < to; e += len(t.workers) {
				if err := worker.episode(t, e, places[e]); err != nil {
					return fmt.Errorf("meta-step %d, episode %d: %w", t.step, e, err)
				}
			}
			return nil
		}))
	}
	return places, g.Wait()
}

// episode runs one episode and writes its row.
func (w *worker) episode(t *Trainer, e int, places []string) error {
	ep, err := t.plan.Sampler.Sample(t.plan.Seed, data.Train, uint64(t.step), uint64(e))
	if err != nil {
		return err
	}
	if err := t.plan.Sampler.Spec().Check(ep); err != nil {
		return err
	}
	w.work.Seed, w.work.Step, w.work.Episode, w.work.Data = t.plan.Seed, uint64(t.step), uint64(e), ep
	for i, l := range t.learners {
		w.work.Theta[i], w.work.Gradient[i], w.work.Outcomes[i] = l.theta, t.rows[e*t.width+l.at:][:len(l.theta)], Outcome{}
	}
	if err := w.estimator.Estimate(&w.work); err != nil {
		return err
	}
	for i, l := range t.learners {
		n, o := len(l.theta), w.work.Outcomes[i]
		row := t.rows[e*t.width+l.at:][:n+2]
		// Whatever an estimator says, nothing that is not finite goes on.
		if o.Diverged == "" && !(largest(row[:n]) <= maxGradient && o.Loss-o.Loss == 0) {
			o.Diverged = tooLarge
		}
		if o.Diverged != "" {
			clear(row)
			places[i] = o.Diverged
			if o.Diverged == tooLarge {
				places[i] = l.name + ": " + tooLarge
			}
			continue
		}
		row[n], row[n+1] = o.Loss, 1
	}
	return nil
}
