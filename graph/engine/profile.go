package engine

import (
	"time"
	"unsafe"

	"metaplast/graph/op"
)

// Cost is one run of a kernel of a program.
type Cost struct {
	Kind     string
	Products []op.Product // matrix products that it makes
	Arrays   []int        // bytes of every array that it reads or writes
	Again    bool         // it computes once more what was dropped
}

// Costs lists what a run consists of, in the order of the plan.
func (p *program[F]) Costs() []Cost {
	var f F
	element := int(unsafe.Sizeof(f))
	costs := make([]Cost, len(p.steps))
	for i := range p.steps {
		s := &p.steps[i]
		c := Cost{Kind: "foreign", Again: s.again}
		if s.kernel != nil {
			c.Kind = s.kernel.Kind()
		}
		for _, r := range s.results {
			c.Products = append(c.Products, r.kernel.Products()...)
		}
		for _, a := range append(append([][]F(nil), s.in...), s.out...) {
			if len(a) > 0 {
				c.Arrays = append(c.Arrays, element*len(a))
			}
		}
		costs[i] = c
	}
	return costs
}

// Profile runs the program on one thread and calls f with the time that each entry of Costs
// took.
func (p *program[F]) Profile(f func(int, time.Duration)) error {
	for i := range p.steps {
		s := &p.steps[i]
		start := time.Now()
		for piece := range s.pieces {
			if err := p.piece(s, piece, 0); err != nil {
				return err
			}
		}
		f(i, time.Since(start))
	}
	return nil
}
