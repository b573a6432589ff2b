package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// Backprop sends the signal down through the transposed forward weights of the same inner
// step, gated by φ′: weight transport.
//
//	f_{L−1} = s                      [N,n_L]
//	f_{l−1} = (f_l W_l) ∘ φ′_{l−1}   [N,in_l]
//
//	W_l  [out_l,in_l]  fast weights at this inner step
//
// Through a convolution f_l W_l is the transposed convolution, op.Builder.ConvBack.
//
// With signal gradient, f_l is −∂L/∂z_l of the mean loss, and the Hebbian product of f_l
// with h_l is −∂L/∂W_l: the learner is gradient descent. The outer gradient differentiates
// through it, W_l included, unless first_order stops it. ψ is linear and gating is always
// on, whatever the settings say. Cost: 2·N·in_l·out_l FLOPs per layer.
//
// Source: Rumelhart, Hinton & Williams, Nature 323 (1986) 533–536.
type Backprop struct{}

var _ Pathway = Backprop{}

// Info describes the pathway.
func (Backprop) Info() Info {
	return Info{
		Name:    BackpropName,
		Summary: "down through the transposed forward weights, gated by φ′ (weight transport)",
		Formula: "f_{L-1} = s,  f_{l-1} = (f_l W_l) ∘ φ′_{l-1}",
		Source:  "Rumelhart, Hinton & Williams, Nature 323 (1986) 533-536",
	}
}

// Weights asks for none.
func (Backprop) Weights([]Dims, int, bool) Weights { return Weights{} }

// Feedback returns f_l of every layer.
func (Backprop) Feedback(b *op.Builder, t TopDown) []*G.Node {
	f := make([]*G.Node, len(t.Layers))
	last := len(t.Layers) - 1
	f[last] = t.Signal
	for l := last; l > 0; l-- {
		t.At(b, l-1)
		layer := t.Layers[l]
		if layer.Kernel > 0 {
			f[l-1] = t.Gate(b, b.ConvBack(f[l], layer.W, t.Layers[l-1].H, layer.Stride, layer.Pad), l-1)
			continue
		}
		slope := t.Slope(l - 1)
		if slope != nil {
			slope = b.Flatten(slope)
		}
		f[l-1] = t.Unflatten(b, b.DenseBack(f[l], layer.W, slope, t.Layers[l-1].Activation), l-1)
	}
	return f
}
