package rules

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"metaplast/data/objective"
	"metaplast/data/suggest"
	"metaplast/graph/op"
)

// The signals, as settings name them.
const (
	Target   = "target"
	Error    = "error"
	Gradient = "gradient"
)

// Signals lists the signals that a learner can be driven by.
func Signals() []string { return []string{Target, Error, Gradient} }

// Signal is what the output sends down.
//
//	target    s = y
//	error     s = y − ŷ                     mse
//	          s = (y − softmax ŷ)/N         cross_entropy
//	gradient  s = −∂L/∂ŷ of the step's mean loss L:
//	          s = 2 (y − ŷ)/(N n_L)         mse
//	          s = (y − softmax ŷ)/N         cross_entropy
//
//	ŷ, y, s  [N,n_L]; ŷ are logits under cross_entropy
//
// With detach the outer gradient takes s for a constant.
func Signal(b *op.Builder, kind, loss string, yhat, y *G.Node, detach bool) *G.Node {
	if b.Err() != nil {
		return nil
	}
	var s *G.Node
	switch {
	case kind == Target:
		return y
	case kind != Error && kind != Gradient:
		return b.Fail(suggest.Unknown("signal", kind, Signals()))
	case loss == objective.MSE && kind == Error:
		s = b.Sub(y, yhat)
	case loss == objective.MSE:
		s = b.Scale(b.Sub(y, yhat), 2/float64(y.Shape().TotalSize()))
	case loss == objective.CrossEntropy:
		s = b.Scale(b.Sub(y, b.Softmax(yhat)), 1/float64(y.Shape()[0]))
	default:
		return b.Fail(fmt.Errorf("signal %s: %w", kind, suggest.Unknown("loss", loss, objective.Names())))
	}
	if detach {
		return b.StopGradient(s)
	}
	return s
}

// Loss is the outer loss, and the inner one of a gradient learner [1].
func Loss(b *op.Builder, loss string, yhat, y *G.Node) *G.Node {
	switch loss {
	case objective.MSE:
		return b.MSE(yhat, y)
	case objective.CrossEntropy:
		return b.CrossEntropy(yhat, y)
	}
	return b.Fail(suggest.Unknown("loss", loss, objective.Names()))
}
