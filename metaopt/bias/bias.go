// Package bias measures how far the gradients of an estimator are from the exact ones.
package bias

import (
	"context"
	"fmt"

	"gonum.org/v1/gonum/floats"

	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/graph"
	"metaplast/metaopt"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
)

// Plan says where gradients are compared.
type Plan struct {
	Subjects []evaluate.Subject // learners with the meta-parameters at which gradients are taken
	Sampler  data.Sampler
	Seed     uint64
	Episodes int // training episodes of meta-step 0, over which gradients are averaged; at least 1

	Done func(done, all int) // called after each episode of each subject and estimator; may be nil
}

// Bias is how the mean gradient ḡ of an estimator stands to the exact one g̅, for a group of
// meta-parameters of one learner.
//
//	Cosine  ḡᵀg̅ / (‖ḡ‖‖g̅‖)   1: the same direction; NaN where one of them is 0
//	Ratio   ‖ḡ‖ / ‖g̅‖         1: the same length; NaN where g̅ is 0
type Bias struct {
	Learner string         `json:"learner"`
	Group   string         `json:"group"`
	Cosine  measure.Number `json:"cosine"`
	Ratio   measure.Number `json:"norm_ratio"`
}

// Measure compares estimators with the exact gradient, each on the same episodes, and returns a list of
// Bias for each: subjects in their order, groups in that of graph.Groups, those that a learner learns. An
// episode that diverges by any of the estimators is an error, for it has no gradient to compare. Cost: as
// many meta-gradients as there are episodes, for each estimator and the exact one; one graph at a time.
func Measure(ctx context.Context, p Plan, estimators ...metaopt.Estimation) ([][]Bias, error) {
	if p.Episodes < 1 {
		return nil, fmt.Errorf("%w: %d episodes, want at least 1", fault.ErrSetting, p.Episodes)
	}
	done, all := 0, len(p.Subjects)*(len(estimators)+1)*p.Episodes
	count := func() {
		if done++; p.Done != nil {
			p.Done(done, all)
		}
	}
	list := make([][]Bias, len(estimators))
	for _, s := range p.Subjects {
		if err := s.Check(p.Sampler.Spec()); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
		exact, err := p.mean(ctx, s, metaopt.Exact{}, count)
		if err != nil {
			return nil, err
		}
		for i, e := range estimators {
			mean, err := p.mean(ctx, s, e, count)
			if err != nil {
				return nil, err
			}
			b, err := compare(s, mean, exact)
			if err != nil {
				return nil, fmt.Errorf("%s, estimator %s: %w", s.Name, e.Info().Name, err)
			}
			list[i] = append(list[i], b...)
		}
	}
	return list, nil
}

// mean averages an estimator's gradients.
func (p Plan) mean(ctx context.Context, s evaluate.Subject, e metaopt.Estimation, count func()) ([]float64, error) {
	if err := e.Validate(); err != nil {
		return nil, err
	}
	cfg, spec := s.Graph, p.Sampler.Spec()
	cfg.Steps, cfg.Batch, cfg.Query, cfg.Reward = spec.Steps, spec.Batch, spec.Query, spec.Reward
	cfg = e.Configure(cfg)
	if cfg.Objective.Stream > 0 && cfg.Truncate > 0 {
		return nil, fault.Given(fmt.Errorf("the outer loss counts the answers during the stream (meta.outer_loss.stream %v), of which the estimator %s has no gradient: want a run without",
			cfg.Objective.Stream, e.Info().Name))
	}
	model, err := graph.New(cfg)
	if err != nil {
		return nil, err
	}
	estimator, err := e.New(model)
	if err != nil {
		return nil, err
	}
	defer estimator.Close()
	g, mean := make([]float64, len(s.Theta)), make([]float64, len(s.Theta))
	w := metaopt.Work{Seed: p.Seed, Theta: [][]float64{s.Theta}, Gradient: [][]float64{g}, Outcomes: make([]metaopt.Outcome, 1)}
	for k := range p.Episodes {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		w.Episode = uint64(k)
		if w.Data, err = p.Sampler.Sample(p.Seed, data.Train, 0, w.Episode); err != nil {
			return nil, err
		}
		if err := estimator.Estimate(&w); err != nil {
			return nil, err
		}
		if at := w.Outcomes[0].Diverged; at != "" {
			return nil, fmt.Errorf("%s, estimator %s, episode %d: diverged: %s", s.Name, e.Info().Name, k, at)
		}
		floats.AddScaled(mean, 1/float64(p.Episodes), g)
		count()
	}
	return mean, nil
}

// compare puts groups of two gradients side by side.
func compare(s evaluate.Subject, mean, exact []float64) (list []Bias, err error) {
	for _, group := range graph.Groups() {
		var a, b []float64
		for _, part := range s.Layout {
			if part.Group == group && part.Learned {
				a, b = append(a, part.Of(mean)...), append(b, part.Of(exact)...)
			}
		}
		if len(a) == 0 {
			continue
		}
		cosine, err := measure.Cosine(a, b)
		if err != nil {
			return nil, err
		}
		ratio, err := measure.NormRatio(a, b)
		if err != nil {
			return nil, err
		}
		list = append(list, Bias{Learner: s.Name, Group: group, Cosine: measure.Number(cosine), Ratio: measure.Number(ratio)})
	}
	return list, nil
}
