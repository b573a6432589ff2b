package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// Stateful is a rule with variables of its own. Next returns
//
//	Δ       [out,in]  the change of the weights, as Delta does
//	s(t+1)  the state after the step, every variable that State declares
//
// both from the activities and the state of before the step. Delta is the first of the two.
type Stateful interface {
	Rememberer
	Next(b *op.Builder, s Synapses) (delta *G.Node, next Values)
}

// Updater is a rule that says what the weights are after a step, where that is more than W + κ α ∘ Δ:
// they decay, or are bounded. Update returns them and the state after the step. Its Delta gives
// ErrNoDelta to b.Fail.
type Updater interface {
	Rememberer
	Update(b *op.Builder, s Synapses, p op.Plasticity) (w *G.Node, next Values)
}

// Reader is a rule that, as the rule of the output layer, says how answers are read from what the
// synapses know: for learners with readout rule.
//
//	ŷ  [M,out]  logits of M examples h [M,in]
//
// Of s there are W, Params and State.
type Reader interface {
	Rule
	Read(b *op.Builder, h *G.Node, s Synapses) *G.Node
}

// Changes is Δ of a rule and its state after the step, for rules made of rules. An Updater has no Δ,
// which is an error of b: it can only be the outer one.
func Changes(b *op.Builder, r Rule, s Synapses) (delta *G.Node, next Values) {
	switch r := r.(type) {
	case Updater:
		return b.Fail(&NoDeltaError{r.Info().Name}), nil
	case Stateful:
		return r.Next(b, s)
	}
	return r.Delta(b, s), nil
}

// Apply returns the weights and the state after one update by a rule: by its Update or its Step where it
// has one, else W + κ α ∘ Δ.
func Apply(b *op.Builder, r Rule, s Synapses, p op.Plasticity) (w *G.Node, next Values) {
	switch r := r.(type) {
	case Updater:
		return r.Update(b, s, p)
	case Stepper:
		return r.Step(b, s, p), nil
	}
	delta, next := Changes(b, r, s)
	return b.Change(s.W, delta, p), next
}

// Times is θ x, where θ is [1], or [out] with one number for each row of x [out,in] or entry of
// x [out].
func Times(b *op.Builder, x, theta *G.Node) *G.Node {
	switch {
	case !b.Usable(x, theta):
		return nil
	case theta.Shape().TotalSize() == 1:
		return b.ScaleBy(x, b.Reshape(theta, 1))
	case x.Dims() == 1:
		return b.Mul(theta, x)
	}
	return b.RowScale(theta, x)
}
