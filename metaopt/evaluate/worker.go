package evaluate

import (
	"context"
	"errors"

	"metaplast/data"
	"metaplast/graph"
)

// newWorker builds the inner loops of subjects, one for each stretch of them that shares a graph.
func newWorker(subjects []Subject, spec data.Spec, threads int) (w *worker, err error) {
	if len(subjects) == 0 {
		_, err := Join(nil)
		return nil, err
	}
	built := &worker{}
	defer func() {
		if err != nil {
			err = errors.Join(err, built.close())
		}
	}()
	for from := 0; from < len(subjects); {
		to := from + 1
		for to < len(subjects) && subjects[to].sharesGraph(subjects[from]) {
			to++
		}
		cfg, err := Join(subjects[from:to])
		if err != nil {
			return nil, err
		}
		cfg.Steps, cfg.Batch, cfg.Query, cfg.Reward, cfg.Threads = spec.Steps, spec.Batch, spec.Query, spec.Reward, threads
		in, err := graph.NewInner(cfg)
		if err != nil {
			return nil, err
		}
		built.parts = append(built.parts, part{inner: in, from: from, n: to - from})
		from = to
	}
	return built, nil
}

func (w *worker) close() error {
	var errs []error
	for _, p := range w.parts {
		errs = append(errs, p.inner.Close())
	}
	return errors.Join(errs...)
}

// subjects is their number.
func (w *worker) subjects() int {
	last := w.parts[len(w.parts)-1]
	return last.from + last.n
}

// set gives all learners their meta-parameters.
func (w *worker) set(subjects []Subject) error {
	for _, p := range w.parts {
		for i := range p.n {
			if err := p.inner.SetParams(i, subjects[p.from+i].Theta); err != nil {
				return err
			}
		}
	}
	return nil
}

// run takes every learner through the support stream and the query, unless ctx ends before, and
// tells what they came to; outputs are valid during the call.
func (w *worker) run(ctx context.Context, ep data.Episode, each func(i int, loss float64, outputs []float64)) error {
	for _, p := range w.parts {
		if err := p.run(ctx, ep); err != nil {
			return err
		}
		for i := range p.n {
			each(p.from+i, p.inner.Loss(i), p.inner.Predictions(i).Data)
		}
	}
	return nil
}

func (p part) run(ctx context.Context, ep data.Episode) error {
	p.inner.Start()
	x, y := ep.SupportX.Data().([]float64), ep.SupportY.Data().([]float64)
	steps := ep.SupportX.Shape()[0]
	nx, ny := len(x)/steps, len(y)/steps
	for t := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := p.inner.BindReward(ep.Reward(t)); err != nil {
			return err
		}
		if err := p.inner.Step(x[t*nx:(t+1)*nx], y[t*ny:(t+1)*ny]); err != nil {
			return err
		}
	}
	return p.inner.Query(ep.QueryX.Data().([]float64), ep.QueryY.Data().([]float64))
}
