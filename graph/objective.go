package graph

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"

	"metaplast/data/fault"
	"metaplast/graph/op"
	"metaplast/rules"
)

// Objective says what the outer loss is a sum of:
//
//	L = q L_query + s 1/T Σ_t L(ŷ_t, y_t) + λ Σ |θ|     [1]
//
//	L_query      mean loss on the query set with W(T)
//	L(ŷ_t, y_t)  mean loss of the answers given in inner step t, before its update
//	λ            Learner.RulePenalty, on parameters of the rule that are to be sparse
//
// The zero value is q = 1, s = 0.
type Objective struct {
	Query  float64 // q, from 0
	Stream float64 // s, from 0
}

// weights are q and s.
func (o Objective) weights() (query, stream float64) {
	if o == (Objective{}) {
		return 1, 0
	}
	return o.Query, o.Stream
}

func (o Objective) faults(truncate int) fault.Fields {
	var f fault.Fields
	for _, w := range []struct {
		name  string
		value float64
	}{{"query", o.Query}, {"stream", o.Stream}} {
		f.Check(w.value >= 0 && !math.IsInf(w.value, 0), "objective."+w.name, w.value, "a finite weight of at least 0")
	}
	f.Check(o.Stream == 0 || truncate == 0, "objective.stream", o.Stream,
		"0 with a truncated gradient, which has no part in the answers of the steps before: want the estimator exact for a loss over the stream")
	return f
}

// stepLoss is the loss of the answers of one inner step [1].
func (m *wired) stepLoss(b *op.Builder, yhat *G.Node, now moment) *G.Node {
	b.At(op.Label{Learner: m.name, Step: now.t, Layer: -1, Array: "loss"})
	return rules.Loss(b, m.network.Loss, yhat, now.y)
}

// total is the sum of losses [1] in their order, nil if there are none.
func (m *wired) total(b *op.Builder, losses []*G.Node) *G.Node {
	if b.Err() != nil || len(losses) == 0 {
		return nil
	}
	b.At(op.Label{Learner: m.name, Step: op.Query, Layer: -1, Array: "loss"})
	sum := losses[0]
	for _, l := range losses[1:] {
		sum = b.Add(sum, l)
	}
	return sum
}

// outer is the outer loss of an episode of so many steps. answers is the sum of the losses of the answers
// given in them, nil if these do not count.
func (m *wired) outer(b *op.Builder, o Objective, query, answers *G.Node, steps int) *G.Node {
	if b.Err() != nil {
		return nil
	}
	b.At(op.Label{Learner: m.name, Step: op.Query, Layer: -1, Array: "loss"})
	q, s := o.weights()
	loss := b.Scale(query, q)
	if answers != nil {
		loss = b.AddScaled(loss, answers, s/float64(steps))
	}
	if m.learner.RulePenalty == 0 {
		return loss
	}
	for _, p := range m.layout {
		if p.Sparse && p.Learned {
			loss = b.AddScaled(loss, b.SumAbs(m.param(p.Role, p.Layer)), m.learner.RulePenalty)
		}
	}
	return loss
}

// Text says what the outer loss is, for readers.
func (o Objective) Text() string {
	switch q, s := o.weights(); {
	case s == 0 && q == 1:
		return "query set"
	case q == 0:
		return "answers during the stream"
	default:
		return fmt.Sprintf("%v × query set + %v × answers during the stream", q, s)
	}
}
