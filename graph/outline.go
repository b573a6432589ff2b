package graph

import (
	"metaplast/graph/engine"

	G "gorgonia.org/gorgonia"
)

// Outline is the graph of an episode to be looked at and not to be run: its nodes alone, with
// no machine and no memory for arrays.
type Outline struct {
	Nodes   []*G.Node // what the outputs depend on, in the order of making; the outputs too
	Inputs  []Named   // x and y, and of each learner the meta-parameters
	Outputs []Named   // of each learner loss, final_W0 …, and grad_NAME of the meta-parameters with a path to the loss
}

// Named is a node that has a meaning outside the graph, under the name that it has in NPZ
// archives.
type Named struct {
	Learner string // empty for what learners share
	Name    string
	Layer   int // weight layer, or NoLayer
	Node    *G.Node
}

// NewOutline builds what Unroll builds. Faults of the configuration are returned together.
// Cost: that of building, linear in the number of inner steps; widths cost nothing.
func NewOutline(cfg Config) (*Outline, error) {
	m, err := New(cfg)
	if err != nil {
		return nil, err
	}
	u, outputs, err := m.assemble(cfg.Steps)
	if err != nil {
		return nil, err
	}
	o := &Outline{Nodes: engine.Reachable(outputs), Inputs: []Named{{"", "x", NoLayer, u.x}, {"", "y", NoLayer, u.y}}}
	for _, l := range u.learners {
		for _, p := range l.layout {
			o.Inputs = append(o.Inputs, Named{l.name, p.Name, p.Layer, l.param(p.Role, p.Layer)})
		}
		o.Outputs = append(o.Outputs, l.named()...)
	}
	return o, nil
}

// named is outputs with names.
func (l *unrolled) named() []Named {
	out := []Named{{l.name, "loss", NoLayer, l.loss}}
	for _, w := range append(l.fastWeights(l.final), l.stateOf(l.final)...) {
		out = append(out, Named{l.name, w.final(), w.layer, w.node})
	}
	for i, g := range l.grads {
		if g != nil {
			out = append(out, Named{l.name, GradientPrefix + l.layout[i].Name, l.layout[i].Layer, g})
		}
	}
	return out
}
