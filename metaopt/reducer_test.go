package metaopt

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"metaplast/data/fault"
)

// hub joins the ranks of one process: the smallest implementation of several ranks.
type hub struct {
	mu      sync.Mutex
	size    int
	round   *round
	workers []*member
}

// round is one call that all ranks make together.
type round struct {
	in   [][]float64
	n    int
	out  []float64
	err  error
	done chan struct{}
}

type member struct {
	h    *hub
	rank int
}

var _ Reducer = (*member)(nil)

func newHub(size int) *hub {
	h := &hub{size: size}
	for r := range size {
		h.workers = append(h.workers, &member{h, r})
	}
	return h
}

func (m *member) Rank() int { return m.rank }
func (m *member) Size() int { return m.h.size }

func (m *member) meet(ctx context.Context, x []float64, join func([][]float64) []float64) error {
	m.h.mu.Lock()
	if m.h.round == nil {
		m.h.round = &round{in: make([][]float64, m.h.size), done: make(chan struct{})}
	}
	r := m.h.round
	r.in[m.rank] = slices.Clone(x)
	if r.n++; r.n == m.h.size {
		for rank, v := range r.in {
			if len(v) != len(r.in[0]) && r.err == nil {
				r.err = fmt.Errorf("rank %d: %w", rank, &fault.Length{What: "vector", Got: len(v), Want: len(r.in[0])})
			}
		}
		if r.err == nil {
			r.out = join(r.in)
		}
		m.h.round = nil
		close(r.done)
	}
	m.h.mu.Unlock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-r.done:
	}
	copy(x, r.out)
	return r.err
}

func (m *member) Sum(ctx context.Context, x []float64) error {
	return m.meet(ctx, x, func(in [][]float64) []float64 {
		sum := slices.Clone(in[0])
		for _, v := range in[1:] {
			for i := range sum {
				sum[i] += v[i]
			}
		}
		return sum
	})
}

func (m *member) Broadcast(ctx context.Context, x []float64, root int) error {
	return m.meet(ctx, x, func(in [][]float64) []float64 { return in[root] })
}

// each calls f on every rank at the same time and returns the errors by rank.
func (h *hub) each(f func(Reducer) error) []error {
	errs := make([]error, h.size)
	var wg sync.WaitGroup
	for r, m := range h.workers {
		wg.Go(func() { errs[r] = f(m) })
	}
	wg.Wait()
	return errs
}

func TestReducerRanks(t *testing.T) {
	h := newHub(3)
	start := []float64{1, math.Copysign(0, -1), math.Inf(1)}
	// In any other order these give other bits: 1e16 + 1 = 1e16.
	parts := [][]float64{{1e16, 1, 0}, {-1e16, 2, math.NaN()}, {1, 3, 0}}
	for rank, err := range h.each(func(r Reducer) error {
		theta := make([]float64, 3)
		if r.Rank() == 0 {
			copy(theta, start)
		}
		if err := r.Broadcast(context.Background(), theta, 0); err != nil {
			return err
		}
		for i := range theta {
			if math.Float64bits(theta[i]) != math.Float64bits(start[i]) {
				return fmt.Errorf("broadcast gave %v", theta)
			}
		}
		for range 20 {
			g := slices.Clone(parts[r.Rank()])
			if err := r.Sum(context.Background(), g); err != nil {
				return err
			}
			if g[0] != 1 || g[1] != 6 || !math.IsNaN(g[2]) {
				return fmt.Errorf("sum gave %v", g)
			}
		}
		return nil
	}) {
		if err != nil {
			t.Errorf("rank %d: %v", rank, err)
		}
	}
	for rank, err := range h.each(func(r Reducer) error {
		return r.Sum(context.Background(), make([]float64, 2+r.Rank()/2))
	}) {
		if !errors.Is(err, fault.ErrLength) {
			t.Errorf("rank %d with unequal lengths: %v", rank, err)
		}
	}
}

func TestReducerCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	m := newHub(2).workers[0]
	cancel()
	if err := m.Sum(ctx, []float64{1}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestLocal(t *testing.T) {
	var l Local
	x := []float64{1, math.NaN()}
	ctx, cancel := context.WithCancel(context.Background())
	if l.Rank() != 0 || l.Size() != 1 || l.Sum(ctx, x) != nil || l.Broadcast(ctx, x, 0) != nil || x[0] != 1 {
		t.Error("Local is not a run of one rank")
	}
	if err := l.Broadcast(ctx, x, 1); !errors.Is(err, fault.ErrSetting) {
		t.Errorf("root 1: %v", err)
	}
	cancel()
	if err := l.Sum(ctx, x); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
