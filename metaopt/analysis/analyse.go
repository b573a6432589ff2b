package analysis

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"
	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/graph"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
)

// Analyse measures all subjects on the same episodes, number 0 … Episodes−1 of the seed and
// split, so that what it returns is paired. Analysis i is that of subject i.
//
// The result is the same, bit for bit, for any number of workers.
//
// Cost per episode and subject, with K = F·Batches batches, F tasks, P points and S measured
// steps: T inner steps; S gradients and decompositions of every ΔW, for Rank, which dominate
// where layers are wide; at each point K gradients, K steps and K passes over K·N examples; F+1
// passes over the query set. Memory: two probes a worker and subject, and the results.
//
// Errors: measure.SettingError for an option, all together; a subject that is not one learner,
// does not fit the sampler's episodes, or has parameters of another length; sampler and
// context. Divergence is no error: see the package comment.
func Analyse(ctx context.Context, subjects []evaluate.Subject, sampler data.Sampler, o Options) ([]Analysis, error) {
	o = o.filled()
	spec := sampler.Spec()
	if err := errors.Join(o.validate(), validate(subjects, spec)); err != nil {
		return nil, err
	}
	c, err := lookAhead(ctx, sampler, o)
	if err != nil {
		return nil, err
	}
	o.Workers = min(o.Workers, o.Episodes)
	records := make([][]*Analysis, len(subjects)) // [subject][episode]; nil where it diverged
	shapes := make([]*Analysis, len(subjects))
	for i := range records {
		records[i] = make([]*Analysis, o.Episodes)
	}
	g, ctx := errgroup.WithContext(ctx)
	done := o.counter()
	for w := range o.Workers {
		g.Go(graph.Guarded(func() error { return work(ctx, w, subjects, sampler, o, c, records, shapes, done) }))
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	all := make([]Analysis, len(subjects))
	for i, s := range subjects {
		all[i] = mean(records[i], *shapes[i])
		all[i].Learner = s.Name
		if err := all[i].histograms(s, o.Bins); err != nil {
			return nil, fmt.Errorf("analysis: %s: %w", s.Name, err)
		}
	}
	return all, nil
}

// work measures every o.Workers-th episode from w on. The first worker tells the shape of the
// results.
func work(ctx context.Context, w int, subjects []evaluate.Subject, sampler data.Sampler, o Options, c course, records [][]*Analysis, shapes []*Analysis, done func()) (err error) {
	var lenses []*lens
	defer func() {
		for _, l := range lenses {
			err = errors.Join(err, l.close())
		}
	}()
	for i, s := range subjects {
		l, err := newLens(s, sampler.Spec(), c)
		if err != nil {
			return fmt.Errorf("analysis: %s: %w", s.Name, err)
		}
		lenses = append(lenses, l)
		if w == 0 {
			shapes[i] = l.empty(c)
		}
	}
	for e := w; e < o.Episodes; e += o.Workers {
		ep, err := sampler.Sample(o.Seed, o.Split, 0, uint64(e))
		if err != nil {
			return fmt.Errorf("analysis: episode %d: %w", e, err)
		}
		s, err := newScene(ep, c)
		if err != nil {
			return fmt.Errorf("analysis: episode %d: %w", e, err)
		}
		for i, l := range lenses {
			r, err := l.episode(ctx, s)
			switch {
			case errors.Is(err, measure.ErrNonFinite): // diverged
			case err != nil:
				return fmt.Errorf("analysis: %s, episode %d: %w", subjects[i].Name, e, err)
			default:
				records[i][e] = r
			}
		}
		done()
	}
	return nil
}

// filled puts the defaults in.
func (o Options) filled() Options {
	if o.Split == data.Train {
		o.Split = data.HeldOut
	}
	for _, f := range []struct {
		field  *int
		preset int
	}{{&o.Workers, 1}, {&o.Steps, 40}, {&o.Points, 6}, {&o.Batches, 2}, {&o.Bins, 40}} {
		if *f.field == 0 {
			*f.field = f.preset
		}
	}
	return o
}

// validate returns all faults.
func (o Options) validate() error {
	var faults []error
	for _, f := range []struct {
		name         string
		value, least int
	}{{"Episodes", o.Episodes, 1}, {"Workers", o.Workers, 1}, {"Steps", o.Steps, 1}, {"Points", o.Points, 2}, {"Batches", o.Batches, 1}, {"Bins", o.Bins, 1}} {
		if f.value < f.least {
			faults = append(faults, &measure.SettingError{Field: "Options." + f.name, Value: f.value, Want: fmt.Sprintf("at least %d", f.least)})
		}
	}
	return errors.Join(faults...)
}

// validate returns the faults of the subjects.
func validate(subjects []evaluate.Subject, spec data.Spec) error {
	if len(subjects) == 0 {
		return errors.New("analysis: no subjects: want at least one learner")
	}
	var faults []error
	seen := map[string]bool{}
	for _, s := range subjects {
		if seen[s.Name] {
			faults = append(faults, fmt.Errorf("analysis: two subjects %q: want different names", s.Name))
		}
		seen[s.Name] = true
		if err := s.Check(spec); err != nil {
			faults = append(faults, fmt.Errorf("analysis: %s: %w", s.Name, err))
		}
	}
	return errors.Join(faults...)
}

// probed is the graph of a subject for steps of spec and queries of some size, in double
// precision.
func probed(s evaluate.Subject, spec data.Spec, query int) graph.Config {
	c := s.Graph
	c.Steps, c.Batch, c.Query, c.Reward = spec.Steps, spec.Batch, query, spec.Reward
	c.Dtype, c.Machine, c.Threads = tensor.Float64, nil, 1
	return c
}
