package analysis

import (
	"sync/atomic"

	"metaplast/data"
)

// Options say what is measured. The zero value of each field but Episodes is legal.
type Options struct {
	Episodes int        // number 0 … Episodes−1 of Seed, at least 1
	Split    data.Split // what they are drawn from; data.HeldOut where it is data.Train, the zero value
	Seed     uint64     // of the episodes
	Workers  int        // threads; 0 means 1. The results do not depend on it

	// Steps bounds the inner steps at which updates and gradients are compared, spread evenly
	// over the stream, the first and the last among them; 0 means 40.
	Steps int
	// Points bounds the points at which interference is measured: W(0), W(T), and ends of
	// tasks, spread evenly, between them; 0 means 6, otherwise at least 2.
	Points int
	// Batches is the number of batches of each task in a measurement of interference. A task
	// with fewer than Batches·N support examples has as many as it fills, at least one, which
	// repeats examples where there are fewer than N; 0 means 2.
	Batches int
	// Bins is the number of bins of the histograms; 0 means 40.
	Bins int

	// Done is called after each episode with how many are done and how many there are, from several
	// goroutines at once; may be nil.
	Done func(done, episodes int)
}

// counter returns what is called after each episode.
func (o Options) counter() func() {
	var n atomic.Int64
	return func() {
		if k := n.Add(1); o.Done != nil {
			o.Done(int(k), o.Episodes)
		}
	}
}
