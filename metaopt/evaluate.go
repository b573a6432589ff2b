package metaopt

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/metaopt/measure"
	"metaplast/metaopt/record"
)

// Evaluation is how well one learner learns held-out episodes.
type Evaluation struct {
	Learner  string
	Losses   []float64 // query loss of every episode; NaN or Inf where it diverged
	Diverged int       // episodes with a loss that is not finite
	Mean     float64   // over the finite losses; NaN if there is none
	Low      float64   // 95 % confidence interval of the mean, measure.StudentT
	High     float64
	Median   float64 // over all episodes, a diverged one counting as +Inf

	// Of classification only, over all episodes: the share of query examples whose largest
	// output is that of their class, a diverged episode counting by what its outputs say.
	Accuracies   []float64
	Accuracy     float64 // mean; NaN without classification
	AccuracyLow  float64 // 95 % confidence interval of the mean, measure.StudentT
	AccuracyHigh float64
}

// SummarizeLosses computes the statistics of the losses of one learner. Mean and interval are those
// of measure.StudentT over the n episodes that did not diverge, with ends of at least 0, which no
// loss is below. The interval is NaN for n < 2.
func SummarizeLosses(learner string, losses []float64) Evaluation {
	return summarize(learner, losses, measure.NonNegative)
}

// Summarize is SummarizeLosses for values that may be negative, such as logarithms of losses.
func Summarize(learner string, values []float64) Evaluation {
	return summarize(learner, values, measure.Unbounded)
}

func summarize(learner string, values []float64, of measure.Range) Evaluation {
	e := Evaluation{Learner: learner, Losses: values, Median: math.NaN()}
	var finite, all []float64
	for _, l := range values {
		if math.IsNaN(l) || math.IsInf(l, 0) {
			e.Diverged++
			all = append(all, math.Inf(1))
			continue
		}
		finite, all = append(finite, l), append(all, l)
	}
	if len(all) > 0 {
		slices.Sort(all)
		e.Median = all[len(all)/2]
		if len(all)%2 == 0 {
			e.Median = (all[len(all)/2-1] + all[len(all)/2]) / 2
		}
	}
	iv := measure.StudentT(finite, of)
	e.Mean, e.Low, e.High = iv.Estimate, iv.Low, iv.High
	return e
}

// accuracy is the share of rows in which outputs and targets are largest at the same place.
// Outputs that are NaN are wrong.
func accuracy(outputs, targets []float64, classes int) float64 {
	right, rows := 0, len(targets)/classes
	for i := range rows {
		if measure.Correct(outputs[i*classes:][:classes], targets[i*classes:][:classes]) {
			right++
		}
	}
	return float64(right) / float64(rows)
}

func (e Evaluation) record(step int) record.Record {
	r := record.Record{Step: step, Kind: record.KindEval, Learner: e.Learner, Metrics: []record.Metric{
		{Name: "heldout_loss_mean", Value: e.Mean}, {Name: "heldout_loss_low95", Value: e.Low}, {Name: "heldout_loss_high95", Value: e.High},
		{Name: "heldout_loss_median", Value: e.Median}, {Name: "episodes", Value: float64(len(e.Losses))}, {Name: "diverged", Value: float64(e.Diverged)},
	}}
	if e.Accuracies != nil {
		r.Metrics = append(r.Metrics, record.Metric{Name: "heldout_accuracy_mean", Value: e.Accuracy},
			record.Metric{Name: "heldout_accuracy_low95", Value: e.AccuracyLow}, record.Metric{Name: "heldout_accuracy_high95", Value: e.AccuracyHigh})
	}
	return r
}

// evaluator is one goroutine's inner loop.
type evaluator struct {
	inner *graph.Inner
}

// Evaluate measures every learner with its parameters of now on the same held-out episodes:
// number 0 … episodes−1 of the run's seed, the same at every evaluation of a run, so that
// before and after, and the learners among themselves, are paired. The inner loop runs step
// by step, in memory that does not depend on its length. The result does not depend on the
// number of workers.
func (t *Trainer) Evaluate(ctx context.Context, episodes int) ([]Evaluation, error) {
	if episodes < 1 {
		return nil, fmt.Errorf("%w: %d held-out episodes, want at least 1", fault.ErrSetting, episodes)
	}
	for len(t.evals) < min(t.plan.Workers, episodes) {
		cfg := t.plan.Graph
		cfg.Threads = max(t.plan.Workers/min(t.plan.Workers, episodes), 1)
		in, err := graph.NewInner(cfg)
		if err != nil {
			return nil, err
		}
		t.evals = append(t.evals, &evaluator{inner: in})
	}
	losses, accuracies := make([][]float64, len(t.learners)), make([][]float64, len(t.learners))
	spec := t.plan.Sampler.Spec()
	for i := range losses {
		losses[i] = make([]float64, episodes)
		if spec.Loss == objective.CrossEntropy {
			accuracies[i] = make([]float64, episodes)
		}
	}
	var g errgroup.Group
	var done atomic.Int64
	for w, ev := range t.evals {
		g.Go(Guarded(func() error {
			for i, l := range t.learners {
				if err := ev.inner.SetParams(i, l.theta); err != nil {
					return err
				}
			}
			for e := w; e < episodes; e += len(t.evals) {
				if err := ctx.Err(); err != nil {
					return err
				}
				ep, err := t.plan.Sampler.Sample(t.plan.Seed, t.plan.EvalSplit, 0, uint64(e))
				if err != nil {
					return fmt.Errorf("held-out episode %d: %w", e, err)
				}
				if err := ev.run(ctx, ep); err != nil {
					if ctx.Err() != nil {
						return err
					}
					return fmt.Errorf("held-out episode %d: %w", e, err)
				}
				for i := range losses {
					losses[i][e] = ev.inner.Loss(i)
					if accuracies[i] != nil {
						accuracies[i][e] = accuracy(ev.inner.Predictions(i).Data, ep.QueryY.Data().([]float64), spec.Outputs)
					}
				}
				if n := done.Add(1); t.plan.Evaluated != nil {
					t.plan.Evaluated(int(n), episodes)
				}
			}
			return nil
		}))
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	evals := make([]Evaluation, len(t.learners))
	for i, l := range t.learners {
		evals[i] = SummarizeLosses(l.name, losses[i])
		evals[i].Accuracies = accuracies[i]
		iv := measure.StudentT(accuracies[i], measure.Share)
		evals[i].Accuracy, evals[i].AccuracyLow, evals[i].AccuracyHigh = iv.Estimate, iv.Low, iv.High
	}
	return evals, nil
}

// run takes every learner through the support stream and the query, unless ctx ends before.
func (ev *evaluator) run(ctx context.Context, ep data.Episode) error {
	ev.inner.Start()
	x, y := ep.SupportX.Data().([]float64), ep.SupportY.Data().([]float64)
	steps := ep.SupportX.Shape()[0]
	nx, ny := len(x)/steps, len(y)/steps
	for t := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := ev.inner.Step(x[t*nx:(t+1)*nx], y[t*ny:(t+1)*ny]); err != nil {
			return err
		}
	}
	return ev.inner.Query(ep.QueryX.Data().([]float64), ep.QueryY.Data().([]float64))
}
