package metaopt

import (
	"context"
	"fmt"

	"metaplast/data/fault"
)

// Reducer adds vectors over the processes of one run, which are numbered 0 … Size−1 and called
// ranks. Every rank holds the same parameters, computes the gradient of its own episodes, and
// after the sum takes the same optimiser step, so that parameters are sent only once.
//
// Who calls what, in which order. The outer loop, and nothing else, calls a Reducer, from one
// goroutine per rank. All ranks make the same calls in the same order with vectors of the same
// lengths; a call returns when it is this rank's turn to go on, and may wait for the others:
//
//	once, before the first meta-step, also after a resume, for each learner in order:
//	    Broadcast(θ, root 0), then each vector of its optimiser's state
//	in every meta-step, exactly once:
//	    Sum([episodes, width])  per learner gradient, loss, and 1 if both are finite
//
// In the vector that is summed every episode of the meta-step has a row of its own, whichever
// rank runs it; on the other ranks that row is 0. So the sum is exact, and each rank adds the
// rows in episode order afterwards: the bits do not depend on Size, no more than on the number
// of workers. An episode that diverged leaves its row 0, so that no NaN is ever sent, and all
// ranks see it alike. Rank 0 alone writes records and checkpoints.
//
// Implementations must
//
//   - give the same bits on every rank, (((x₀ + x₁) + x₂) + …), in rank order, elementwise;
//   - write to no vector but the one given, and keep no reference to it after the return;
//   - pass NaN and infinities on as they are;
//   - on a vector whose length differs between ranks return an error on every rank;
//   - return ctx's error soon after ctx is cancelled. The vector's content is then undefined
//     and the Reducer of no further use, for the ranks may have parted.
type Reducer interface {
	// Rank returns this process's number, 0 ≤ Rank < Size.
	Rank() int
	// Size returns the number of processes, at least 1.
	Size() int
	// Sum replaces x by its sum over all ranks.
	Sum(ctx context.Context, x []float64) error
	// Broadcast replaces x by that of rank root, on every rank, bit by bit.
	Broadcast(ctx context.Context, x []float64, root int) error
}

// Local is the Reducer of a run in one process: a sum over one rank. It never waits.
type Local struct{}

var _ Reducer = Local{}

// Rank returns 0.
func (Local) Rank() int { return 0 }

// Size returns 1.
func (Local) Size() int { return 1 }

// Sum leaves x as it is. The error is ctx's.
func (Local) Sum(ctx context.Context, x []float64) error { return ctx.Err() }

// Broadcast leaves x as it is. It fails where root is not 0; otherwise the error is ctx's.
func (Local) Broadcast(ctx context.Context, x []float64, root int) error {
	if root != 0 {
		return fmt.Errorf("%w: broadcast from rank %d, want one of 1 rank: 0", fault.ErrSetting, root)
	}
	return ctx.Err()
}
