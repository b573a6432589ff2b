package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// Dims is what a pathway knows about a layer before a graph exists.
type Dims struct {
	In, Out int // units; channels of a convolution. A dense layer above one has In = C·H·W
	Plastic bool

	Kernel, Stride, Pad int // of a convolution; Kernel is 0 for a dense layer
}

// Weights says which feedback weights of its own a pathway wants for a layer. The zero
// value means none.
type Weights struct {
	B     []int // shape of the weights
	C     []int // shape of the bias
	FanIn int   // number of units that one entry of the result sums over; sets the initial scale
}

// Layer is what a pathway may read of a layer in one inner step.
type Layer struct {
	Dims
	W, H *G.Node // weights [out,in], of a convolution [O,C,k,k], and activity after the nonlinearity [N,out], [N,O,H,W]
	B, C *G.Node // the pathway's own weights for this layer, nil where it asked for none

	Activation op.Activation // φ of the layer
}

// TopDown is the task of a pathway in one inner step.
type TopDown struct {
	Signal  *G.Node // s [N,n_L]
	Layers  []Layer // from the lowest plastic layer to the output, bottom first
	Gated   bool    // multiply feedback by φ′ of the layer that receives it
	Clamped bool    // the output layer takes s itself and needs no feedback
	Lowest  int     // number of Layers[0] in the network, for labels

	Activation op.Activation // ψ
}

// Pathway carries the top-down signal to the layers.
//
// Weights is asked for every layer from the lowest plastic one up when a learner's
// meta-parameters are laid out; layers is that stack and l an index into it. Feedback is
// called once for every inner step and returns f_l [N,out] for each layer of the stack, nil
// where a layer gets none. To a convolution it is either of the shape of H, or [N,O] for one
// number per channel, which reaches every position alike: so a pathway that sends to units
// without asking what they are sends to channels.
type Pathway interface {
	Info() Info
	Weights(layers []Dims, l int, clamped bool) Weights
	Feedback(b *op.Builder, t TopDown) []*G.Node
}

// Silent is a pathway that gives no layer any feedback. Learners with one have no strengths β, as
// there is nothing to mix in.
type Silent interface {
	Pathway
	SendsNothing()
}

// SendsFeedback reports whether a pathway is not Silent.
func SendsFeedback(p Pathway) bool {
	_, silent := p.(Silent)
	return !silent
}

// At labels the nodes made from now on as the feedback of layer l of the stack, so that divergence
// reports, profiles and pictures name it.
func (t TopDown) At(b *op.Builder, l int) { b.Layer(t.Lowest + l) }

// Psi is ψ(f), the feedback nonlinearity that the learner's settings ask for. f has any shape.
func (t TopDown) Psi(b *op.Builder, f *G.Node) *G.Node {
	return b.Activate(f, t.Activation)
}

// Slope is the activity that φ′ of layer l is read from, of the shape of its H, nil where φ′ is 1.
func (t TopDown) Slope(l int) *G.Node {
	if t.Layers[l].Activation.Straight() {
		return nil
	}
	return t.Layers[l].H
}

// Gate is f ∘ φ′ of layer l, unit by unit, whether the settings ask for it (Gated) or not. f is
// [N,out], or of the shape of H where the layer is a convolution; so is the result, but that
// feedback [N,O] to a convolution, the same at every position of a channel, is [N,O,H,W] after it.
// φ′ is read from the activity of the same inner step; where it varies with that, φ″ is part of the
// outer gradient.
func (t TopDown) Gate(b *op.Builder, f *G.Node, l int) *G.Node {
	phi := t.Layers[l].Activation
	if phi.Straight() || b.Err() != nil {
		return f
	}
	h := t.Layers[l].H
	if f.Dims() == 2 && h.Dims() == 4 {
		f = b.EveryPosition(f, h)
	}
	return b.GateBy(f, h, phi)
}

// Unflatten gives feedback [N,C·H·W] from a dense layer the shape of the activity of layer l below
// it: [N,C,H,W] of a convolution, [N,out] as it is of a dense one.
func (t TopDown) Unflatten(b *op.Builder, f *G.Node, l int) *G.Node {
	if b.Err() != nil || t.Layers[l].H == nil {
		return f
	}
	return b.Reshape(f, t.Layers[l].H.Shape()...)
}
