package evaluate

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/metaopt/measure"
)

// Plan is what subjects are measured on.
type Plan struct {
	Sampler  data.Sampler
	Split    data.Split // what episodes are drawn from; data.HeldOut where it is data.Train, the zero value
	Seed     uint64     // of the episodes
	Episodes int        // number 0 … Episodes−1 of Seed, at least 1
	Workers  int        // threads: one episode each, or several on one if there are fewer episodes; 0 means 1. The results do not depend on it

	// Done is called after each episode with how many are done and how many there are, from several
	// goroutines at once; may be nil.
	Done func(done, episodes int)
}

// Evaluate measures subjects on the same episodes, so that they are paired. Evaluation i is that of
// subject i. The inner loop runs step by step, in memory that does not depend on its length. The
// result does not depend on the number of workers, nor on which subjects are measured together.
//
// Errors: fault.ErrSetting for the plan, subjects without a learner or with several, *graph.DataError
// for parameters of another length than their learner's; those of graph.NewInner, sampler and context.
// Divergence is no error, see Evaluation.
func Evaluate(ctx context.Context, p Plan, subjects []Subject) (evals []Evaluation, err error) {
	var e Evaluator
	defer func() { err = errors.Join(err, e.Close()) }()
	return e.Evaluate(ctx, p, subjects)
}

// Evaluator is Evaluate for several times: it keeps the graphs, which belong to the learners, the
// sizes of episodes and the number of workers of its first use; meta-parameters, seed, split and
// number of episodes may be others each time. The zero value is ready for use. It is not safe for
// concurrent use.
type Evaluator struct {
	workers []*worker
}

// worker is one goroutine's inner loops.
type worker struct {
	parts []part
}

// part is the inner loop of subjects that share a graph: from, from+1, …
type part struct {
	inner *graph.Inner
	from  int
	n     int
}

// Close frees the graphs.
func (e *Evaluator) Close() error {
	var errs []error
	for _, w := range e.workers {
		errs = append(errs, w.close())
	}
	e.workers = nil
	return errors.Join(errs...)
}

// grow builds the graphs of as many workers as the plan has work for.
func (e *Evaluator) grow(p Plan, subjects []Subject) error {
	n := min(max(p.Workers, 1), p.Episodes)
	for len(e.workers) < n {
		w, err := newWorker(subjects, p.Sampler.Spec(), max(p.Workers/n, 1))
		if err != nil {
			return err
		}
		e.workers = append(e.workers, w)
	}
	if have := e.workers[0].subjects(); have != len(subjects) {
		return fmt.Errorf("%w: an evaluator of %d subjects is given %d, want the same each time", fault.ErrSetting, have, len(subjects))
	}
	return nil
}

// Evaluate is the function of that name.
func (e *Evaluator) Evaluate(ctx context.Context, p Plan, subjects []Subject) ([]Evaluation, error) {
	if p.Episodes < 1 {
		return nil, fmt.Errorf("%w: %d held-out episodes, want at least 1", fault.ErrSetting, p.Episodes)
	}
	if p.Split == data.Train {
		p.Split = data.HeldOut
	}
	if err := e.grow(p, subjects); err != nil {
		return nil, err
	}
	losses, accuracies := make([][]float64, len(subjects)), make([][]float64, len(subjects))
	spec := p.Sampler.Spec()
	for i := range losses {
		losses[i] = make([]float64, p.Episodes)
		if spec.Loss == objective.CrossEntropy {
			accuracies[i] = make([]float64, p.Episodes)
		}
	}
	var g errgroup.Group
	var done atomic.Int64
	for k, w := range e.workers {
		g.Go(graph.Guarded(func() error {
			if err := w.set(subjects); err != nil {
				return err
			}
			for n := k; n < p.Episodes; n += len(e.workers) {
				if err := ctx.Err(); err != nil {
					return err
				}
				ep, err := p.Sampler.Sample(p.Seed, p.Split, 0, uint64(n))
				if err != nil {
					return fmt.Errorf("held-out episode %d: %w", n, err)
				}
				err = w.run(ctx, ep, func(i int, loss float64, outputs []float64) {
					losses[i][n] = loss
					if accuracies[i] != nil {
						accuracies[i][n] = accuracy(outputs, ep.QueryY.Data().([]float64), spec.Outputs)
					}
				})
				if err != nil {
					if ctx.Err() != nil {
						return err
					}
					return fmt.Errorf("held-out episode %d: %w", n, err)
				}
				if d := done.Add(1); p.Done != nil {
					p.Done(int(d), p.Episodes)
				}
			}
			return nil
		}))
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	evals := make([]Evaluation, len(subjects))
	for i, s := range subjects {
		evals[i] = SummarizeLosses(s.Name, losses[i])
		evals[i].Accuracies = accuracies[i]
		iv := measure.StudentT(accuracies[i], measure.Share)
		evals[i].Accuracy, evals[i].AccuracyLow, evals[i].AccuracyHigh = iv.Estimate, iv.Low, iv.High
	}
	return evals, nil
}
