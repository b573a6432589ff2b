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
		Name:    "layered",
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
	return Weights{B: []int{layers[l].Out, layers[l].In}, C: []int{layers[l].In}, FanIn: layers[l].Out}
}

// Feedback returns f_l of every layer.
func (Layered) Feedback(b *op.Builder, t TopDown) []*G.Node {
	f := make([]*G.Node, len(t.Layers))
	last := len(t.Layers) - 1
	f[last] = t.Signal
	for l := last; l > 0; l-- {
		layer := t.Layers[l]
		t.at(b, l-1)
		f[l-1] = t.psi(b, b.AddBias(b.MatMul(f[l], layer.B, op.N, op.N), layer.C))
		if t.Gated {
			f[l-1] = t.gate(b, f[l-1], l-1)
		}
	}
	return f
}
