package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// Layered sends the signal down layer by layer through weights of its own.
//
//	f_{L−1} = s                                [N,n_L]
//	f_{l−1} = ψ(f_l B_l + c_l)                 [N,in_l]
//	f_{l−1} = ψ(f_l B_l + c_l) ∘ φ′_{l−1}      gated
//
//	B_l  [out_l,in_l]  feedback weights beside W_l, not tied to it
//	c_l  [in_l]        feedback bias
//
// A convolution has B_l [O,C,k,k] and c_l [C]: f_l B_l is the transposed convolution,
// op.Builder.ConvBack, of the same stride and padding as the layer's own.
//
// With fixed random B and gating it is feedback alignment; with B_l = W_l, no bias, gated
// and linear it would be the Backprop pathway. Cost: 2·N·in_l·out_l FLOPs per layer.
//
// Source: Lillicrap, Cownden, Tweed & Akerman, Random synaptic feedback weights support
// error backpropagation for deep learning, Nature Communications 7 (2016) 13276, for fixed
// B. Not the Direct pathway, whose f_l does not depend on the layers in between.
type Layered struct{}

var _ Pathway = Layered{}

// Info describes the pathway.
func (Layered) Info() Info {
	return Info{
		Name:    LayeredName,
		Summary: "down layer by layer, by weights of its own",
		Formula: "f_{L-1} = s,  f_{l-1} = ψ(f_l B_l + c_l)",
		Source:  "with fixed B: Lillicrap et al., Nature Communications 7 (2016) 13276",
	}
}

// Weights asks for B_l and c_l of every layer but the lowest plastic one, which has nothing
// below it to send to.
func (Layered) Weights(layers []Dims, l int, _ bool) Weights {
	if l == 0 {
		return Weights{}
	}
	d := layers[l]
	if d.Kernel > 0 {
		// Of the k² units of a channel whose patch holds a pixel, one in stride² is there.
		fan := d.Out * max(d.Kernel*d.Kernel/(d.Stride*d.Stride), 1)
		return Weights{B: []int{d.Out, d.In, d.Kernel, d.Kernel}, C: []int{d.In}, FanIn: fan}
	}
	return Weights{B: []int{d.Out, d.In}, C: []int{d.In}, FanIn: d.Out}
}

// Feedback returns f_l of every layer.
func (Layered) Feedback(b *op.Builder, t TopDown) []*G.Node {
	f := make([]*G.Node, len(t.Layers))
	last := len(t.Layers) - 1
	f[last] = t.Signal
	for l := last; l > 0; l-- {
		layer := t.Layers[l]
		t.At(b, l-1)
		if layer.Kernel > 0 {
			f[l-1] = t.Psi(b, b.AddBias(b.ConvBack(f[l], layer.B, t.Layers[l-1].H, layer.Stride, layer.Pad), layer.C))
		} else {
			f[l-1] = t.Psi(b, b.AddBias(b.MatMul(f[l], layer.B, op.N, op.N), layer.C))
			f[l-1] = t.Unflatten(b, f[l-1], l-1)
		}
		if t.Gated {
			f[l-1] = t.Gate(b, f[l-1], l-1)
		}
	}
	return f
}
