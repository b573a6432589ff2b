package study

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"metaplast/metaopt"
)

// TestEach checks order, threads and how many runs are under way at once.
func TestEach(t *testing.T) {
	s := pair(Measure{Name: "x"}, Claim{})
	for _, c := range []struct{ seeds, workers, side, threads int }{
		{1, 1, 1, 1}, {5, 2, 2, 1}, {2, 8, 2, 4}, {3, 1, 1, 1}, {3, 0, 1, 1},
	} {
		p := planned(t, s, Quick, "", c.seeds)
		var now, most, trained atomic.Int32
		train := func(_ context.Context, _ Cell, threads int) error {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			defer now.Add(-1)
			if threads != c.threads {
				return fmt.Errorf("%d threads, want %d", threads, c.threads)
			}
			trained.Add(1)
			return nil
		}
		measure := func(_ context.Context, cell Cell, _ int) (Measured, error) {
			return Measured{Episodes: int(cell.Seed)}, nil
		}
		got, err := each(context.Background(), p, c.workers, train, measure)
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range got {
			if m.Episodes != i+1 {
				t.Errorf("%+v: measurement %d is of seed %d", c, i, m.Episodes)
			}
		}
		if int(trained.Load()) != c.seeds || int(most.Load()) > c.side {
			t.Errorf("%+v: %d runs, at most %d at once", c, trained.Load(), most.Load())
		}
	}
}

// TestEachStops: an interruption and a failure stop what is under way and begin nothing new.
func TestEachStops(t *testing.T) {
	p := planned(t, pair(Measure{Name: "x"}, Claim{}), Quick, "", 4)
	ctx, cancel := context.WithCancel(context.Background())
	failure := errors.New("broken")
	var begun atomic.Int32
	interrupted := func(ctx context.Context, c Cell, _ int) error {
		begun.Add(1)
		if c.Seed == 2 {
			cancel()
		}
		<-ctx.Done()
		return metaopt.ErrInterrupted
	}
	never := func(context.Context, Cell, int) (Measured, error) { return Measured{}, failure }
	if _, err := each(ctx, p, 2, interrupted, never); !errors.Is(err, metaopt.ErrInterrupted) || begun.Load() > 2 {
		t.Errorf("interrupted: %v, %d begun", err, begun.Load())
	}
	begun.Store(0)
	fails := func(ctx context.Context, c Cell, _ int) error {
		begun.Add(1)
		if c.Seed == 1 {
			return failure
		}
		<-ctx.Done()
		return metaopt.ErrInterrupted
	}
	if _, err := each(context.Background(), p, 2, fails, never); !errors.Is(err, failure) || begun.Load() > 2 {
		t.Errorf("failed: %v, %d begun", err, begun.Load())
	}
	measures := func(ctx context.Context, _ Cell, _ int) (Measured, error) { return Measured{}, ctx.Err() }
	late, stop := context.WithCancel(context.Background())
	quick := func(context.Context, Cell, int) error { stop(); return nil }
	if _, err := each(late, p, 1, quick, measures); !errors.Is(err, metaopt.ErrInterrupted) {
		t.Errorf("interrupted while measuring: %v", err)
	}
}
