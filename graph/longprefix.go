package graph

import (
	"slices"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// prefix is the graph of the layers below all plastic ones, for all examples of the episode.
type prefix struct {
	b        *op.Builder
	nodes    []prefixNodes // by learner
	forward  G.VM
	backward G.VM     // nil if no learner learns their weights
	features []span   // by learner; empty where there is none
	received []span   // what the features have received
	grads    [][]span // by learner and parameter of the layout
}

type prefixNodes struct {
	features, received *G.Node
	grads              []*G.Node // by parameter of the layout
}

// buildPrefix makes the graph of the layers below, if there are any.
func (l *Long) buildPrefix() (programs []program, err error) {
	if !slices.ContainsFunc(l.learners, func(m *longLearner) bool { return m.lowest > 0 }) {
		return nil, nil
	}
	cfg := l.cfg
	p := &prefix{b: op.New(cfg.Dtype)}
	if cfg.Compose {
		p.b.Compose()
	}
	l.below = p
	x := p.b.Input("x", append([]int{cfg.Steps*cfg.Batch + cfg.Query}, cfg.Network.Input...)...)
	var forward, backward []*G.Node
	for _, m := range l.learners {
		var n prefixNodes
		if m.lowest > 0 {
			w := m.wire(p.b, cfg.Batch)
			n.features = w.prefix(p.b, x)
			if p.b.Err() != nil {
				return nil, p.b.Err()
			}
			m.width = slices.Clone([]int(n.features.Shape()[1:]))
			m.features = l.rows(m.width)
			forward = append(forward, n.features)
			if m.learnsPrefix() && !cfg.Forward {
				n.backward(p.b, w)
				backward = append(backward, n.grads...)
			}
		}
		p.nodes = append(p.nodes, n)
	}
	if p.b.Err() != nil {
		return nil, p.b.Err()
	}
	if err := G.Let(x, l.x.tensor(x.Shape())); err != nil {
		return nil, err
	}
	if err := l.inputs(p.b); err != nil {
		return nil, err
	}
	programs = append(programs, program{p.b, forward, func(vm G.VM) {
		p.forward = vm
		for _, n := range p.nodes {
			p.features = append(p.features, spanIf(n.features))
		}
	}})
	backward = slices.DeleteFunc(backward, func(n *G.Node) bool { return n == nil })
	if len(backward) == 0 {
		return programs, nil
	}
	return append(programs, program{p.b, backward, func(vm G.VM) {
		p.backward = vm
		for _, n := range p.nodes {
			p.received = append(p.received, spanIf(n.received))
			p.grads = append(p.grads, spansIf(n.grads))
		}
	}}), nil
}

// backward makes the gradient of the layers' weights.
func (n *prefixNodes) backward(b *op.Builder, m *wired) {
	n.received = b.Input(m.name+"/received", n.features.Shape()...)
	var wrt []*G.Node
	for _, p := range m.layout {
		if p.belowOf(m.lowest) {
			wrt = append(wrt, m.param(p.Role, p.Layer))
		}
	}
	grads := b.Pullback(n.features, n.received, wrt...)
	n.grads = make([]*G.Node, len(m.layout))
	for i, p := range m.layout {
		if p.belowOf(m.lowest) {
			n.grads[i], grads = grads[0], grads[1:]
		}
	}
}

// belowOf reports whether the array is a learned one of a layer below another.
func (p Param) belowOf(l int) bool {
	return p.Learned && (p.Role == Weight || p.Role == Bias) && p.Layer < l
}
