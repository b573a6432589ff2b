package graph

import (
	"errors"
	"time"
	"unsafe"

	"metaplast/graph/op"
)

// Cost is one run of a kernel in an episode.
type Cost struct {
	Kind     string
	Products []op.Product // matrix products that it makes
	Arrays   []int        // bytes of every array that it reads or writes
	Again    bool         // it computes once more what was dropped
}

// errNotPlanned says that only the planned machine can be looked into.
var errNotPlanned = errors.New("the graph does not run on the planned machine")

// Costs lists what an episode consists of, in the order of the plan.
func (u *Unrolled) Costs() ([]Cost, error) {
	p, ok := u.vm.(interface{ costs() []Cost })
	if !ok {
		return nil, errNotPlanned
	}
	return p.costs(), nil
}

// Profile runs the bound episode on one thread and calls f with the time that each entry of
// Costs took, in the same order. The clock is read twice for each.
func (u *Unrolled) Profile(f func(i int, d time.Duration)) error {
	p, ok := u.vm.(interface {
		profile(func(int, time.Duration)) error
	})
	if !ok {
		return errNotPlanned
	}
	return p.profile(f)
}

func (p *program[F]) costs() []Cost {
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

func (p *program[F]) profile(f func(int, time.Duration)) error {
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
