package analysis

import (
	"context"
	"fmt"
	"slices"

	"metaplast/data"
	"metaplast/graph"
	"metaplast/metaopt/evaluate"
)

// Answers returns what subjects answer to an episode's queries while its support stream goes by.
//
//	ep       T inner steps of N examples, M queries; the queries may be others than those sampled
//	after    [P]  inner steps after which all queries are put, increasing, from 0 to T
//	answers  [subject][P][M·n_out]  outputs with W(after[p]); logits under cross-entropy; not
//	         finite where the learner has diverged
//
// For pictures: the predictions of a regressor on a grid, before, during and after learning.
// Asking changes no weight. Numbers are computed in the dtype of each subject's Graph.
//
// Errors: a subject's graph that cannot be built, an episode that does not fit it, and after out
// of order. Cost: T inner steps and P queries of a subject, in the memory of one of each.
func Answers(ctx context.Context, subjects []evaluate.Subject, ep data.Episode, after []int) ([][][]float64, error) {
	steps := ep.SupportX.Shape()[0]
	if !slices.IsSorted(after) || len(after) > 0 && (after[0] < 0 || after[len(after)-1] > steps) {
		return nil, fmt.Errorf("analysis: queries after inner steps %v: want increasing numbers from 0 to %d", after, steps)
	}
	all := make([][][]float64, len(subjects))
	for i, s := range subjects {
		a, err := newAsker(s, ep)
		if err != nil {
			return nil, err
		}
		all[i], err = a.answers(ctx, ep, after)
		if err = closed(a, err); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// asker is the inner loop of one subject.
type asker struct {
	name  string
	inner *graph.Inner
}

// newAsker builds it for episodes of the shape of ep.
func newAsker(s evaluate.Subject, ep data.Episode) (*asker, error) {
	cfg := s.Graph
	cfg.Batch, cfg.Query, cfg.Reward = ep.SupportX.Shape()[1], ep.QueryX.Shape()[0], ep.SupportReward != nil
	in, err := graph.NewInner(cfg)
	if err != nil {
		return nil, fmt.Errorf("analysis: %s: %w", s.Name, err)
	}
	a := &asker{s.Name, in}
	if err := in.SetParams(0, s.Theta); err != nil {
		return nil, closed(a, fmt.Errorf("analysis: %s: %w", s.Name, err))
	}
	return a, nil
}

// closed frees the machines and joins nothing to an error that is there already.
func closed(a *asker, err error) error {
	if e := a.inner.Close(); err == nil {
		return e
	}
	return err
}

// answers takes the learner through the support stream.
func (a *asker) answers(ctx context.Context, ep data.Episode, after []int) ([][]float64, error) {
	x, y := ep.SupportX.Data().([]float64), ep.SupportY.Data().([]float64)
	steps := ep.SupportX.Shape()[0]
	nx, ny := len(x)/steps, len(y)/steps
	var out [][]float64
	a.inner.Start()
	for t := 0; ; t++ {
		for len(out) < len(after) && after[len(out)] == t {
			if err := a.inner.Query(ep.QueryX.Data().([]float64), ep.QueryY.Data().([]float64)); err != nil {
				return nil, fmt.Errorf("analysis: %s: queries after inner step %d: %w", a.name, t, err)
			}
			out = append(out, slices.Clone(a.inner.Predictions(0).Data))
		}
		if t == steps || len(out) == len(after) {
			return out, nil
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := a.inner.BindReward(ep.Reward(t)); err != nil {
			return nil, fmt.Errorf("analysis: %s: %w", a.name, err)
		}
		if err := a.inner.Step(x[t*nx:(t+1)*nx], y[t*ny:(t+1)*ny]); err != nil {
			return nil, fmt.Errorf("analysis: %s: %w", a.name, err)
		}
	}
}
