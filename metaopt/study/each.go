package study

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"metaplast/metaopt"
)

// each trains and measures all cells of a plan, at most workers side by side, and returns what
// was measured, in their order. Both functions are called from several goroutines, for one cell from
// one at a time, and are told how many threads they may use; train returns metaopt.ErrInterrupted
// when ctx ends.
//
// When ctx ends, what is under way is saved and metaopt.ErrInterrupted returned. The first cell
// that fails stops the others in the same way, and its error is returned.
func each(ctx context.Context, p *Plan, workers int, train func(context.Context, Cell, int) error,
	measure func(context.Context, Cell, int) (Measured, error)) ([]Measured, error) {
	side := max(1, min(workers, len(p.Cells)))
	threads := max(1, workers/side)
	measured := make([]Measured, len(p.Cells))
	g, inner := errgroup.WithContext(ctx)
	g.SetLimit(side)
	for i, c := range p.Cells {
		g.Go(func() error {
			if inner.Err() != nil {
				return metaopt.ErrInterrupted
			}
			if err := train(inner, c, threads); err != nil {
				return err
			}
			if inner.Err() != nil {
				return metaopt.ErrInterrupted
			}
			var err error
			measured[i], err = measure(inner, c, threads)
			if err != nil && inner.Err() != nil && errors.Is(err, inner.Err()) {
				return metaopt.ErrInterrupted
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return measured, nil
}
