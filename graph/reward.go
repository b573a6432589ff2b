package graph

import "errors"

// ErrNoReward says that examples have come without the reward that the configuration promises.
var ErrNoReward = errors.New("the task gives a reward, and that of these examples is not bound: want BindReward before")

// given is whether the reward of now is that of the examples of now: new ones that come after it has been
// used want a new one.
type given struct{ fresh, spent bool }

func (g *given) renewed() { *g = given{fresh: true} }

func (g *given) outdated() {
	if g.spent {
		*g = given{}
	}
}

// used reports whether there is one.
func (g *given) used() bool {
	g.spent = g.fresh
	return g.fresh
}
