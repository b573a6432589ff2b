package graph

import (
	"slices"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules"
)

// wired is a learner in a graph: the nodes of its meta-parameters, which all steps read.
type wired struct {
	*learnerModel
	params map[slot]*G.Node
	alpha  map[int]*G.Node // α per synapse [out,in] by layer
	batch  int             // examples in an inner step
	ones   map[int]*G.Node // [N,1] by N, what plastic biases see

	constants []constant // initial values of variables that are not learned
}

// slot is where an array has its place.
type slot struct {
	role  Role
	layer int
}

// weight is the node of a fast weight.
type weight struct {
	slot
	node   *G.Node
	number float64 // initial value, of a variable that is not learned
}

// final is its name after the last inner step.
func (w weight) final() string { return finalPrefix + w.role.Name(w.layer) }

// fast is what changes in a learner: weights and the rules' variables at one inner step.
type fast struct {
	w, b  []*G.Node      // by layer
	s, sb []rules.Values // variables of the rules by layer, and those of the synapses of plastic biases
}

// clone is a copy whose entries can be replaced.
func (f fast) clone() fast {
	return fast{w: slices.Clone(f.w), b: slices.Clone(f.b), s: slices.Clone(f.s), sb: slices.Clone(f.sb)}
}

// wire makes the nodes of the meta-parameters, and of α per synapse as the rules see it:
// once, since all steps' contributions to its gradient are added to one sum.
func (l *learnerModel) wire(b *op.Builder, batch int) *wired {
	m := &wired{learnerModel: l, batch: batch, params: make(map[slot]*G.Node, len(l.layout)), alpha: map[int]*G.Node{}, ones: map[int]*G.Node{}}
	for _, p := range m.layout {
		m.params[slot{p.Role, p.Layer}] = b.Input(m.name+"/"+p.Name, p.Shape...)
	}
	for l := range m.network.Layers {
		if m.plastic[l] && m.learner.Plasticity == PerSynapse {
			m.alpha[l] = b.Reshape(m.param(Rate, l), m.matrix(l)...)
		}
	}
	return m
}

// param is the node of an array; nil if the learner has none of the kind.
func (m *wired) param(role Role, l int) *G.Node { return m.params[slot{role, l}] }

// start is W(0) and b.
func (m *wired) start() fast {
	f := fast{}
	for l := range m.network.Layers {
		f.w, f.b = append(f.w, m.param(Weight, l)), append(f.b, m.param(Bias, l))
	}
	f.s, f.sb = make([]rules.Values, len(f.w)), make([]rules.Values, len(f.w))
	return f
}

// carried are inputs for what a step before has made: fast weights and the rules' variables.
func (m *wired) carried(b *op.Builder) fast {
	f := m.start()
	for l, plastic := range m.plastic {
		if !plastic {
			continue
		}
		f.w[l] = b.Input(m.name+"/fast/"+Weight.Name(l), m.geometry.weights[l]...)
		if m.learner.PlasticBias {
			f.b[l] = b.Input(m.name+"/fast/"+Bias.Name(l), m.geometry.weights[l][0])
		}
	}
	m.startState(b, &f, func(at slot, shape []int, _ float64) *G.Node {
		return b.Input(m.name+"/fast/"+at.role.Name(at.layer), shape...)
	})
	return f
}

// prefix computes the activity that the lowest plastic layer reads, [rows,in] or
// [rows,C,H,W], from the network's input [rows,…].
func (m *wired) prefix(b *op.Builder, x *G.Node) *G.Node {
	hs := m.below(b, x)
	return m.features(b, hs[m.lowest])
}

// below is the forward path under the lowest plastic layer: the activities h_0 … h_lowest.
func (m *wired) below(b *op.Builder, x *G.Node) []*G.Node {
	hs := []*G.Node{x}
	for l := range m.lowest {
		b.At(op.Label{Learner: m.name, Step: op.Prefix, Layer: l, Array: "h"})
		hs = append(hs, m.forward(b, l, hs[l], m.param(Weight, l), m.param(Bias, l)))
	}
	return hs
}

// features is h_lowest as the lowest plastic layer reads it.
func (m *wired) features(b *op.Builder, h *G.Node) *G.Node {
	b.At(op.Label{Learner: m.name, Step: op.Prefix, Layer: -1, Array: "features"})
	if m.network.Layers[m.lowest].Kind == ConvLayer {
		return h
	}
	return b.Flatten(h)
}

func (m *wired) forward(b *op.Builder, l int, h, w, bias *G.Node) *G.Node {
	layer := m.network.Layers[l]
	phi := op.Activation(layer.Activation)
	if layer.Kind == ConvLayer {
		return b.ConvLayer(h, w, bias, layer.Stride, layer.Pad, phi)
	}
	return b.Dense(b.Flatten(h), w, bias, phi)
}

// predict is the forward path above the prefix: the activities h_lowest … h_L.
func (m *wired) predict(b *op.Builder, f fast, h *G.Node, step int) []*G.Node {
	hs := make([]*G.Node, len(m.network.Layers)+1)
	hs[m.lowest] = h
	for l := m.lowest; l < len(m.network.Layers); l++ {
		b.At(op.Label{Learner: m.name, Step: step, Layer: l, Array: "h"})
		if l == m.last() && m.learner.Readout != "" && m.learner.Readout != DotReadout {
			hs[l+1] = m.read(b, hs[l], f)
			continue
		}
		hs[l+1] = m.forward(b, l, hs[l], f.w[l], f.b[l])
	}
	return hs
}

// fastWeights are those of plastic layers, bottom first, and with plastic biases these too.
func (m *wired) fastWeights(of fast) []weight {
	var list []weight
	for l, plastic := range m.plastic {
		if !plastic {
			continue
		}
		list = append(list, weight{slot: slot{Weight, l}, node: of.w[l]})
		if m.learner.PlasticBias {
			list = append(list, weight{slot: slot{Bias, l}, node: of.b[l]})
		}
	}
	return list
}

// fastArrays are the values of fast weights: final_W{l}, final_b{l}.
func (m *wired) fastArrays(of fast) []Array {
	return arrays(m.fastWeights(of))
}

func arrays(of []weight) []Array {
	var a []Array
	for _, w := range of {
		a = append(a, arrayOf(w.final(), w.node))
	}
	return a
}
