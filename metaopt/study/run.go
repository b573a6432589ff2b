package study

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"metaplast/metaopt"
)

// Hands do the work of a study. Both are called from several goroutines, for one cell from one
// at a time, and are told how many threads they may use.
type Hands struct {
	// Train trains the cell to its end, from where it was left; it returns at once where that
	// is reached already. When ctx ends it saves and returns metaopt.ErrInterrupted.
	Train func(ctx context.Context, c Cell, threads int) error
	// Measure measures a cell that is trained.
	Measure func(ctx context.Context, c Cell, threads int) (Measured, error)
}

// Run trains and measures all cells of a plan, at most workers side by side, and returns what
// was measured, in their order. The result does not depend on the number of workers.
//
// When ctx ends, what is under way is saved and metaopt.ErrInterrupted returned. The first cell
// that fails stops the others in the same way, and its error is returned.
func Run(ctx context.Context, p *Plan, workers int, h Hands) ([]Measured, error) {
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
			if err := h.Train(inner, c, threads); err != nil {
				return err
			}
			if inner.Err() != nil {
				return metaopt.ErrInterrupted
			}
			var err error
			measured[i], err = h.Measure(inner, c, threads)
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
