package graph

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules"
)

// stretch is a number of inner steps one after the other, and what they are given: rows of N examples for
// each, and after them those of the query.
type stretch struct {
	features, y *G.Node // [steps·N+query,…]
	reward      *G.Node // [steps·N] or longer, nil if the task gives none
	steps       int
	cut         int // step before which the way of gradients is cut, see truncate; -1 for none
	query       int // query examples after the last step
}

// cut is the step before which the gradient of an episode is cut, -1 if it goes through all of it.
func (cfg Config) cut() int {
	if cfg.Truncate == 0 || cfg.Truncate > cfg.Steps {
		return -1
	}
	return cfg.Steps - cfg.Truncate
}

// steps makes the inner steps from the fast weights f, and returns those after the last and, if they are
// asked for, the losses of the answers given on the way.
func (m *wired) steps(b *op.Builder, f fast, s stretch, losses bool) (fast, []*G.Node) {
	n := m.batch
	var answers []*G.Node
	for t := range s.steps {
		if t == s.cut {
			f = m.truncate(b, f, t)
		}
		b.At(op.Label{Learner: m.name, Step: t, Layer: -1, Array: "x"})
		now := moment{h: b.Rows(s.features, t*n, (t+1)*n), y: b.Rows(s.y, t*n, (t+1)*n), t: t}
		if s.reward != nil {
			now.reward = b.Rows(s.reward, t*n, (t+1)*n)
		}
		var yhat *G.Node
		f, yhat = m.step(b, f, now)
		if losses {
			answers = append(answers, m.stepLoss(b, yhat, now))
		}
	}
	return f, answers
}

// query is the loss on the query set with fast weights f.
func (m *wired) query(b *op.Builder, f fast, s stretch) *G.Node {
	from := s.steps * m.batch
	b.At(op.Label{Learner: m.name, Step: op.Query, Layer: -1, Array: "x"})
	h, y := b.Rows(s.features, from, from+s.query), b.Rows(s.y, from, from+s.query)
	hs := m.predict(b, f, h, op.Query)
	b.At(op.Label{Learner: m.name, Step: op.Query, Layer: -1, Array: "loss"})
	return rules.Loss(b, m.network.Loss, hs[len(hs)-1], y)
}
