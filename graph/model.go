package graph

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules"
)

// model is one learner on a network: what is known before there is a graph, then the nodes
// of its meta-parameters in one.
type model struct {
	name     string
	network  Network
	learner  Learner
	geometry geometry
	rule     rules.Rule
	pathway  rules.Pathway
	plastic  []bool // by layer, for this learner
	lowest   int    // lowest plastic layer; len(layers) if there is none
	layout   Layout

	params map[string]*G.Node
	alpha  map[int]*G.Node // α per synapse [out,in] by layer
	batch  int             // examples in an inner step
	ones   map[int]*G.Node // [N,1] by N, what plastic biases see
}

// fast is a learner's weights at one inner step.
type fast struct {
	w, b []*G.Node // by layer
}

func newModel(n Network, name string, l Learner) (*model, error) {
	g, err := n.shapes()
	if err != nil {
		return nil, err
	}
	if err := l.Validate("learners." + name); err != nil {
		return nil, err
	}
	m := &model{name: name, network: n, learner: l, geometry: g, lowest: len(n.Layers), ones: map[int]*G.Node{}}
	m.rule, _ = rules.LookupRule(l.Rule)
	m.pathway, _ = rules.LookupPathway(l.Pathway)
	for i, layer := range n.Layers {
		plastic := layer.Plastic && (!l.OutputOnly || i == len(n.Layers)-1)
		m.plastic = append(m.plastic, plastic)
		if plastic && i < m.lowest {
			m.lowest = i
		}
	}
	if m.lowest == len(n.Layers) {
		return nil, &FieldError{Path: "learners." + name, Have: "no plastic layer", Want: "at least one: make layers of the network plastic (network.frozen)"}
	}
	if m.leavesAlone() && rules.NeedsFeedback(m.rule) {
		return nil, &FieldError{Path: "learners." + name + ".rule", Err: fmt.Errorf("%s: %w", l.Rule, rules.ErrNoFeedback)}
	}
	m.lay()
	return m, nil
}

// leavesAlone reports whether pathway none leaves a plastic layer without feedback: all but a
// clamped output.
func (m *model) leavesAlone() bool {
	if _, none := m.pathway.(rules.None); !none {
		return false
	}
	for l, plastic := range m.plastic {
		if plastic && !(m.learner.Clamped && l == len(m.plastic)-1) {
			return true
		}
	}
	return false
}

// dims is the stack of layers from the lowest plastic one up.
func (m *model) dims() []rules.Dims {
	var d []rules.Dims
	for l := m.lowest; l < len(m.network.Layers); l++ {
		layer, w := m.network.Layers[l], m.geometry.weights[l]
		at := rules.Dims{In: w[1], Out: w[0], Plastic: m.plastic[l]}
		if layer.Kind == ConvLayer {
			at.Kernel, at.Stride, at.Pad = layer.Kernel, layer.Stride, layer.Pad
		}
		d = append(d, at)
	}
	return d
}

// inputs makes the nodes of the meta-parameters, and of α per synapse as the rules see it:
// once, since all steps' contributions to its gradient are added to one sum.
func (m *model) inputs(b *op.Builder) {
	m.params = make(map[string]*G.Node, len(m.layout))
	for _, p := range m.layout {
		m.params[p.Name] = b.Input(m.name+"/"+p.Name, p.Shape...)
	}
	m.alpha = map[int]*G.Node{}
	for l := range m.network.Layers {
		if m.plastic[l] && m.learner.Plasticity == PerSynapse {
			m.alpha[l] = b.Reshape(m.param("alpha", l), m.matrix(l)...)
		}
	}
}

func (m *model) param(name string, l int) *G.Node { return m.params[fmt.Sprintf("%s%d", name, l)] }

// start is W(0) and b.
func (m *model) start() fast {
	f := fast{}
	for l := range m.network.Layers {
		f.w, f.b = append(f.w, m.param("W", l)), append(f.b, m.param("b", l))
	}
	return f
}

// prefix computes the activity that the lowest plastic layer reads, [rows,in] or
// [rows,C,H,W], from the network's input [rows,…].
func (m *model) prefix(b *op.Builder, x *G.Node) *G.Node {
	hs := m.below(b, x)
	return m.features(b, hs[m.lowest])
}

// below is the forward path under the lowest plastic layer: the activities h_0 … h_lowest.
func (m *model) below(b *op.Builder, x *G.Node) []*G.Node {
	hs := []*G.Node{x}
	for l := range m.lowest {
		b.At(op.Label{Learner: m.name, Step: op.Prefix, Layer: l, Array: "h"})
		hs = append(hs, m.forward(b, l, hs[l], m.param("W", l), m.param("b", l)))
	}
	return hs
}

// features is h_lowest as the lowest plastic layer reads it.
func (m *model) features(b *op.Builder, h *G.Node) *G.Node {
	b.At(op.Label{Learner: m.name, Step: op.Prefix, Layer: -1, Array: "features"})
	if m.network.Layers[m.lowest].Kind == ConvLayer {
		return h
	}
	return b.Flatten(h)
}

func (m *model) forward(b *op.Builder, l int, h, w, bias *G.Node) *G.Node {
	layer := m.network.Layers[l]
	if layer.Kind == ConvLayer {
		return b.ConvLayer(h, w, bias, layer.Stride, layer.Pad, layer.Activation == Relu)
	}
	return b.Dense(b.Flatten(h), w, bias, layer.Activation == Relu)
}

// predict is the forward path above the prefix: the activities h_lowest … h_L.
func (m *model) predict(b *op.Builder, f fast, h *G.Node, step int) []*G.Node {
	hs := make([]*G.Node, len(m.network.Layers)+1)
	hs[m.lowest] = h
	for l := m.lowest; l < len(m.network.Layers); l++ {
		b.At(op.Label{Learner: m.name, Step: step, Layer: l, Array: "h"})
		hs[l+1] = m.forward(b, l, hs[l], f.w[l], f.b[l])
	}
	return hs
}

// step is one inner step: all plastic layers change from the activities of one forward pass
// of h [N,in] or [N,C,H,W] with targets y [N,n_L].
func (m *model) step(b *op.Builder, f fast, h, y *G.Node, t int) fast {
	if b.Err() != nil {
		return f
	}
	set := m.learner
	hs := m.predict(b, f, h, t)
	last := len(m.network.Layers) - 1
	at := func(l int, array string) {
		b.At(op.Label{Learner: m.name, Step: t, Layer: l, Array: array})
	}
	at(last, "signal")
	s := rules.Signal(b, set.Signal, m.network.Loss, hs[last+1], y, set.DetachError)

	td := rules.TopDown{Signal: s, Relu: set.FeedbackActivation == Relu, Gated: set.Gated, Clamped: set.Clamped, Lowest: m.lowest}
	for i, d := range m.dims() {
		l := m.lowest + i
		td.Layers = append(td.Layers, rules.Layer{Dims: d, W: f.w[l], H: hs[l+1],
			Relu: m.network.Layers[l].Activation == Relu, B: m.param("B", l), C: m.param("c", l)})
	}
	at(-1, "f")
	feedback := m.pathway.Feedback(b, td)
	if b.Err() == nil && len(feedback) != len(td.Layers) {
		b.Fail(fmt.Errorf("pathway %s: feedback for %d layers: want %d", set.Pathway, len(feedback), len(td.Layers)))
	}
	if b.Err() != nil {
		return f
	}

	next := fast{w: append([]*G.Node(nil), f.w...), b: append([]*G.Node(nil), f.b...)}
	for l := m.lowest; l <= last; l++ {
		if !m.plastic[l] {
			continue
		}
		at(l, "f")
		post, top := hs[l+1], m.everywhere(b, l, feedback[l-m.lowest], hs[l+1])
		at(l, "post")
		switch {
		case l == last && set.Clamped:
			post, top = s, s
		case top == nil:
		case m.mixes():
			post = b.Post(top, post, m.param("beta", l))
		default:
			post = top
		}
		seen := m.synapses(b, l, hs[l], post, top, f.w[l])
		next.w[l] = b.Reshape(m.change(b, l, t, seen, false), m.geometry.weights[l]...)
		if set.PlasticBias {
			next.b[l] = m.changeBias(b, l, t, seen, f.b[l])
		}
	}
	return next
}

// changeBias applies the rule to the synapses from a unit that is always 1.
func (m *model) changeBias(b *op.Builder, l, t int, s rules.Synapses, bias *G.Node) *G.Node {
	if b.Err() != nil {
		return nil
	}
	n, out := s.Post.Shape()[0], s.Post.Shape()[1]
	b.At(op.Label{Learner: m.name, Step: t, Layer: l, Array: "b"})
	if m.ones[n] == nil {
		m.ones[n] = b.Ones(s.Post, n, 1)
	}
	s.Pre = m.ones[n]
	s.W = b.Reshape(bias, out, 1)
	return b.Reshape(m.change(b, l, t, s, true), out)
}

// change is W + κ α ∘ Δ, Δ divided by N for a mean over examples and by the number of
// positions of a convolution.
func (m *model) change(b *op.Builder, l, t int, s rules.Synapses, bias bool) *G.Node {
	if b.Err() != nil {
		return nil
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
			p.Alpha = m.param("alpha_b", l)
		}
	case PerNeuron, PerLayer:
		p.Alpha = m.param("alpha", l)
	case PerNetwork:
		p.Alpha = m.params["alpha"]
	}
	array := "W"
	if bias {
		array = "b"
	}
	b.At(op.Label{Learner: m.name, Step: t, Layer: l, Array: array})
	w := rules.Apply(b, m.rule, s, p)
	if b.Err() == nil && (w == nil || !sameShape(w.Shape(), s.W.Shape())) {
		return b.Fail(fmt.Errorf("rule %s: want weights of shape %v after a step", set.Rule, []int(s.W.Shape())))
	}
	return w
}
