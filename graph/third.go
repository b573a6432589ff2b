package graph

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"metaplast/data/objective"
	"metaplast/graph/op"
	"metaplast/rules"
)

// modulate is the third factor of an inner step, [N] or [1]; nil if no rule asks for one.
func (m *wired) modulate(b *op.Builder, now moment, hs []*G.Node, signal *G.Node) *G.Node {
	if m.mod == nil || b.Err() != nil {
		return nil
	}
	b.At(op.Label{Learner: m.name, Step: now.t, Layer: -1, Array: "modulator"})
	last := m.last()
	seen := rules.Moment{
		Loss: rules.Loss(b, m.network.Loss, hs[last+1], now.y), Signal: signal, Answers: hs[last+1], Targets: now.y,
		Top: b.Flatten(hs[last]), Reward: now.reward, Params: rules.Values{},
	}
	for _, p := range m.mod.Params(m.top()) {
		seen.Params[p.Name] = m.param(Role(modulatorPrefix+p.Name), NoLayer)
	}
	factor := m.mod.Value(b, seen)
	if b.Err() != nil {
		return nil
	}
	if factor == nil || !sameShape(factor.Shape(), []int{m.batch}) && !sameShape(factor.Shape(), []int{1}) {
		return b.Fail(fmt.Errorf("modulator %s: want a value of shape [%d], one for each example, or [1]", m.mod.Info().Name, m.batch))
	}
	return factor
}

// observe adds what the rule of layer l asks for beside pre, post, feedback and weights. below is the
// feedback of the presynaptic units, nil if they have none.
func (m *wired) observe(b *op.Builder, l int, s *rules.Synapses, hs []*G.Node, below, factor *G.Node) {
	if b.Err() != nil {
		return
	}
	see := rules.Sees(m.rules[l])
	layer := m.network.Layers[l]
	conv := layer.Kind == ConvLayer
	s.Params = m.ruleParams(l)
	if see.Activity {
		s.Activity = hs[l+1]
		switch {
		case see.Probabilities && l == m.last() && m.network.Loss == objective.CrossEntropy:
			s.Activity = b.Softmax(hs[l+1])
		case conv:
			s.Activity = b.Positions(hs[l+1])
		}
	}
	if see.PreFeedback && below != nil {
		if conv {
			s.PreFeedback = b.Patches(below, layer.Kernel, layer.Stride, layer.Pad)
		} else {
			s.PreFeedback = b.Flatten(below)
		}
	}
	if see.Initial {
		s.Initial = b.Reshape(m.param(Weight, l), m.matrix(l)...)
	}
	if !see.Modulator {
		return
	}
	s.Modulator = factor
	if positions := size(m.geometry.results[l][1:]); conv && b.Err() == nil && factor.Shape()[0] == m.batch && m.batch > 1 {
		// Each position of an example is an example of its own, with the factor of the whole one.
		s.Modulator = b.Reshape(b.RowTile(factor, positions), m.batch*positions)
	}
}

// read is the readout of the output layer, where that is not the product with its weights.
func (m *wired) read(b *op.Builder, h *G.Node, f fast) *G.Node {
	l := m.last()
	h = b.Flatten(h)
	if m.learner.Readout == DistanceReadout {
		return b.Distance(h, f.w[l], f.b[l])
	}
	s := rules.Synapses{W: f.w[l], State: f.s[l], Params: m.ruleParams(l)}
	z := m.rules[l].(rules.Reader).Read(b, h, s)
	if b.Err() == nil && (z == nil || !sameShape(z.Shape(), []int{h.Shape()[0], f.w[l].Shape()[0]})) {
		return b.Fail(fmt.Errorf("rule %s: want answers of shape [examples,outputs] from Read", m.rules[l].Info().Name))
	}
	return b.AddBias(z, f.b[l])
}
