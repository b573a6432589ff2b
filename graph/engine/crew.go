package engine

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// crew runs the steps of a program on several threads. A step begins when those that it
// waits for have ended; of the steps that can begin, threads take the one with the longest
// way to the end of the program, piece by piece. Every array is written by one piece in one
// order of additions, so that who runs what does not show in the results.
type crew[F float32 | float64] struct {
	p       *program[F]
	threads int
	next    [][]int32 // steps that wait for each step
	waits   []int32   // how many steps each one waits for
	rank    []int32   // order of preference, lowest first
	helper  []func()

	mu      sync.Mutex
	wake    *sync.Cond
	pending []int32 // of waits, those that have not ended
	begun   []int32 // pieces handed out
	ended   []int32 // pieces that have ended
	ready   []int32 // heap by rank
	left    int     // steps that have not ended
	idle    int     // threads that sleep
	offer   atomic.Int32
	err     error
	done    sync.WaitGroup
}

func newCrew[F float32 | float64](p *program[F], before [][]int32, threads int) *crew[F] {
	n := len(p.steps)
	c := &crew[F]{p: p, threads: threads, next: make([][]int32, n), waits: make([]int32, n), rank: make([]int32, n),
		pending: make([]int32, n), begun: make([]int32, n), ended: make([]int32, n), ready: make([]int32, 0, n)}
	c.wake = sync.NewCond(&c.mu)
	for i, b := range before {
		c.waits[i] = int32(len(b))
		for _, j := range b {
			c.next[j] = append(c.next[j], int32(i))
		}
	}
	c.order()
	for t := 1; t < threads; t++ {
		c.helper = append(c.helper, func() {
			c.work(t)
			c.done.Done()
		})
	}
	return c
}

// run runs the whole program once.
func (c *crew[F]) run() error {
	copy(c.pending, c.waits)
	clear(c.begun)
	clear(c.ended)
	c.ready, c.left, c.idle, c.err = c.ready[:0], len(c.waits), 0, nil
	for i, w := range c.waits {
		if w == 0 {
			c.push(int32(i))
		}
	}
	c.offer.Store(int32(len(c.ready)))
	c.done.Add(len(c.helper))
	for _, h := range c.helper {
		go h()
	}
	c.work(0)
	c.done.Wait()
	return c.err
}

// patience is how often a thread without work looks again before it goes to sleep.
const patience = 20000

// work takes pieces until there are none left.
func (c *crew[F]) work(thread int) {
	c.mu.Lock()
	for c.left > 0 {
		if len(c.ready) == 0 {
			c.mu.Unlock()
			for i := 0; i < patience && c.offer.Load() == 0; i++ {
			}
			c.mu.Lock()
			if len(c.ready) == 0 && c.left > 0 {
				c.idle++
				c.wake.Wait()
				c.idle--
			}
			continue
		}
		i := c.ready[0]
		s := &c.p.steps[i]
		piece := c.begun[i]
		c.begun[i]++
		if int(c.begun[i]) == s.pieces {
			c.pop()
		}
		failed := c.err != nil
		c.mu.Unlock()
		var err error
		if !failed {
			err = c.piece(s, int(piece), thread)
		}
		c.mu.Lock()
		if err != nil && c.err == nil {
			c.err = err
		}
		c.ended[i]++
		if int(c.ended[i]) == s.pieces {
			c.end(i, s)
		}
	}
	c.wake.Broadcast()
	c.mu.Unlock()
}

// piece runs one piece. A panic on a helper would end the process.
func (c *crew[F]) piece(s *step[F], piece, thread int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic while running %v: %v", s.node.Op(), r)
		}
	}()
	return c.p.piece(s, piece, thread)
}

// end lets the steps begin that waited for step i alone.
func (c *crew[F]) end(i int32, s *step[F]) {
	s.inspect()
	c.left--
	for _, j := range c.next[i] {
		c.pending[j]--
		if c.pending[j] == 0 {
			c.push(j)
		}
	}
	c.offer.Store(int32(len(c.ready)))
	if c.left == 0 {
		c.wake.Broadcast()
	}
	// This thread goes on with one of them.
	for n := min(c.idle, c.available()-1); n > 0; n-- {
		c.wake.Signal()
	}
}

// available is the number of pieces at the top of the heap, or of steps behind it.
func (c *crew[F]) available() int {
	if len(c.ready) == 0 {
		return 0
	}
	i := c.ready[0]
	return len(c.ready) - 1 + c.p.steps[i].pieces - int(c.begun[i])
}

func (c *crew[F]) push(i int32) {
	h := append(c.ready, i)
	for j := len(h) - 1; j > 0; {
		up := (j - 1) / 2
		if c.rank[h[up]] <= c.rank[h[j]] {
			break
		}
		h[up], h[j] = h[j], h[up]
		j = up
	}
	c.ready = h
}

func (c *crew[F]) pop() {
	h := c.ready
	n := len(h) - 1
	h[0] = h[n]
	h = h[:n]
	for j := 0; ; {
		least := j
		for _, k := range [...]int{2*j + 1, 2*j + 2} {
			if k < n && c.rank[h[k]] < c.rank[h[least]] {
				least = k
			}
		}
		if least == j {
			break
		}
		h[least], h[j] = h[j], h[least]
		j = least
	}
	c.ready = h
	c.offer.Store(int32(n))
}
