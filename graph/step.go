package graph

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules"
)

// moment is what an inner step is given.
type moment struct {
	h, y   *G.Node // [N,in] or [N,C,H,W], and targets [N,n_L]
	reward *G.Node // [N], nil if the task gives none
	t      int
}

// step is one inner step: all plastic layers change from the activities of one forward pass. It also
// returns the answers ŷ [N,n_L] of that pass.
func (m *wired) step(b *op.Builder, f fast, now moment) (fast, *G.Node) {
	if b.Err() != nil {
		return f, nil
	}
	set, t, y := m.learner, now.t, now.y
	hs := m.predict(b, f, now.h, t)
	last := len(m.network.Layers) - 1
	at := func(l int, array string) {
		b.At(op.Label{Learner: m.name, Step: t, Layer: l, Array: array})
	}
	at(last, "signal")
	s := rules.Signal(b, set.Signal, m.network.Loss, hs[last+1], y, set.DetachError)

	td := rules.TopDown{Signal: s, Activation: op.Activation(set.FeedbackActivation), Gated: set.Gated, Clamped: set.Clamped, Lowest: m.lowest}
	for i, d := range m.dims() {
		l := m.lowest + i
		td.Layers = append(td.Layers, rules.Layer{Dims: d, W: f.w[l], H: hs[l+1],
			Activation: op.Activation(m.network.Layers[l].Activation), B: m.param(FeedbackWeight, l), C: m.param(FeedbackBias, l)})
	}
	at(-1, "f")
	feedback := m.pathway.Feedback(b, td)
	if b.Err() == nil && len(feedback) != len(td.Layers) {
		b.Fail(fmt.Errorf("pathway %s: feedback for %d layers: want %d", set.Pathway, len(feedback), len(td.Layers)))
	}
	if b.Err() == nil && !rules.SendsFeedback(m.pathway) && slices.ContainsFunc(feedback, func(n *G.Node) bool { return n != nil }) {
		b.Fail(fmt.Errorf("pathway %s: feedback from one that sends nothing: want nil for every layer", set.Pathway))
	}
	if b.Err() != nil {
		return f, nil
	}
	factor := m.modulate(b, now, hs, s)

	next := f.clone()
	for l := m.lowest; l <= last; l++ {
		if !m.plastic[l] {
			continue
		}
		at(l, "f")
		post, top := hs[l+1], m.perPosition(b, l, feedback[l-m.lowest], hs[l+1])
		at(l, "post")
		switch {
		case l == last && set.Clamped:
			post, top = s, s
		case top == nil:
		case m.mixes():
			post = b.Post(top, post, m.param(Mixing, l))
		default:
			post = top
		}
		seen := m.synapses(b, l, hs[l], post, top, f.w[l])
		var below *G.Node
		if l > m.lowest && rules.Sees(m.rules[l]).PreFeedback {
			below = m.perPosition(b, l-1, feedback[l-1-m.lowest], hs[l])
		}
		m.observe(b, l, &seen, hs, below, factor)
		seen.State = f.s[l]
		w, state := m.change(b, l, t, seen, false)
		next.w[l], next.s[l] = b.Reshape(w, m.geometry.weights[l]...), state
		if set.PlasticBias {
			next.b[l], next.sb[l] = m.changeBias(b, l, t, seen, f)
		}
	}
	return next, hs[last+1]
}

// changeBias applies the rule to the synapses from a unit that is always 1.
func (m *wired) changeBias(b *op.Builder, l, t int, s rules.Synapses, f fast) (*G.Node, rules.Values) {
	if b.Err() != nil {
		return nil, nil
	}
	n, out := s.Post.Shape()[0], s.Post.Shape()[1]
	b.At(op.Label{Learner: m.name, Step: t, Layer: l, Array: string(Bias)})
	if m.ones[n] == nil {
		m.ones[n] = b.Ones(s.Post, n, 1)
	}
	s.Pre, s.PreFeedback = m.ones[n], nil
	s.W = b.Reshape(f.b[l], out, 1)
	if s.Initial != nil {
		s.Initial = b.Reshape(m.param(Bias, l), out, 1)
	}
	s.State = f.sb[l]
	w, state := m.change(b, l, t, s, true)
	return b.Reshape(w, out), state
}

// change is W + κ α ∘ Δ, Δ divided by N for a mean over examples and by the number of
// positions of a convolution.
func (m *wired) change(b *op.Builder, l, t int, s rules.Synapses, bias bool) (*G.Node, rules.Values) {
	if b.Err() != nil {
		return nil, nil
	}
	set := m.learner
	p := op.Plasticity{Scale: 1 / float64(m.positions(l)), Detach: set.FirstOrder}
	if l < len(m.network.Layers)-1 {
		p.Scale *= set.HiddenScale
	}
	if set.Examples == MeanExamples {
		p.Scale /= float64(m.batch)
	}
	switch set.Plasticity {
	case PerNone:
		p.Scale *= set.InnerLR
	case PerSynapse:
		// A rate per synapse of a bias is a rate per neuron of its column.
		p.Alpha = m.alpha[l]
		if bias {
			p.Alpha = m.param(BiasRate, l)
		}
	case PerNeuron, PerLayer:
		p.Alpha = m.param(Rate, l)
	case PerNetwork:
		p.Alpha = m.param(Rate, NoLayer)
	}
	role := Weight
	if bias {
		role = Bias
	}
	b.At(op.Label{Learner: m.name, Step: t, Layer: l, Array: string(role)})
	rule := m.rules[l]
	w, next := rules.Apply(b, rule, s, p)
	if b.Err() == nil && (w == nil || !sameShape(w.Shape(), s.W.Shape())) {
		return b.Fail(fmt.Errorf("rule %s: want weights of shape %v after a step", rule.Info().Name, []int(s.W.Shape()))), nil
	}
	return w, m.checkState(b, rule, s.State, next)
}
