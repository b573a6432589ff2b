package graph

import (
	"errors"
	"time"

	"metaplast/graph/engine"
)

// errNotPlanned says that only the planned machine can be looked into.
var errNotPlanned = errors.New("the graph does not run on the planned machine")

// Costs lists what an episode consists of, in the order of the plan.
func (u *Unrolled) Costs() ([]engine.Cost, error) {
	p, ok := u.vm.(engine.Program)
	if !ok {
		return nil, errNotPlanned
	}
	return p.Costs(), nil
}

// Profile runs the bound episode on one thread and calls f with the time that each entry of
// Costs took, in the same order. The clock is read twice for each.
func (u *Unrolled) Profile(f func(i int, d time.Duration)) error {
	p, ok := u.vm.(engine.Program)
	if !ok {
		return errNotPlanned
	}
	return p.Profile(f)
}
