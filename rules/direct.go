package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// Direct sends the signal from the output straight to every plastic layer.
//
//	f_l = ψ(s B_lᵀ + c_l)            [N,out_l]
//	f_l = ψ(s B_lᵀ + c_l) ∘ φ′_l     gated
//
//	s    [N,n_L]       signal
//	B_l  [out_l,n_L]   feedback weights
//	c_l  [out_l]       feedback bias
//
// To a convolution B_l is [channels,n_L]: a channel hears one number per example, the same at
// every position, and gated by φ′ of each unit if that is asked for.
//
// The output layer gets feedback like any other, unless it is clamped. With fixed random B
// and gating it is direct feedback alignment. Cost: 2·N·n_L·out_l FLOPs per layer.
//
// Source: Lindsey & Litwin-Kumar, NeurIPS 2020, section 3, for learned B; Nøkland, Direct
// Feedback Alignment Provides Learning in Deep Neural Networks, NeurIPS 2016, for fixed B.
type Direct struct{}

var _ Pathway = Direct{}

// Info describes the pathway.
func (Direct) Info() Info {
	return Info{
		Name:    DirectName,
		Summary: "from the output straight to every plastic layer, by weights of its own",
		Formula: "f_l = ψ(s B_lᵀ + c_l)",
		Source:  "Lindsey & Litwin-Kumar, NeurIPS 2020; with fixed B: Nøkland, NeurIPS 2016",
	}
}

// Weights asks for B_l and c_l of every plastic layer but a clamped output.
func (Direct) Weights(layers []Dims, l int, clamped bool) Weights {
	last := len(layers) - 1
	if !layers[l].Plastic || clamped && l == last {
		return Weights{}
	}
	return Weights{B: []int{layers[l].Out, layers[last].Out}, C: []int{layers[l].Out}, FanIn: layers[last].Out}
}

// Feedback returns f_l of every layer that has feedback weights.
func (Direct) Feedback(b *op.Builder, t TopDown) []*G.Node {
	f := make([]*G.Node, len(t.Layers))
	for l, layer := range t.Layers {
		if layer.B == nil {
			continue
		}
		t.At(b, l)
		f[l] = b.Dense(t.Signal, layer.B, layer.C, t.Activation)
		if t.Gated {
			f[l] = t.Gate(b, f[l], l)
		}
	}
	return f
}
