// Package broadcast is a pathway of one's own.
package broadcast

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules"
)

// Broadcast tells every neuron the same single number, how large the signal is: what a
// neuromodulator can carry. Each neuron hears it with a weight of its own.
//
//	m   = Σ_k s_k²                  [N,1]
//	f_l = ψ(m B_lᵀ + c_l)           [N,out_l]
//	f_l = ψ(m B_lᵀ + c_l) ∘ φ′_l    gated
//
//	s    [N,n_L]    signal
//	B_l  [out_l,1]  feedback weights
//	c_l  [out_l]    feedback bias
//
// Source: Frémaux & Gerstner, Neuromodulated spike-timing-dependent plasticity, and theory of
// three-factor learning rules, Frontiers in Neural Circuits 9 (2016) 85, for the number that all
// hear. Not the Direct pathway, which tells each layer the whole signal.
type Broadcast struct{}

var _ rules.Pathway = Broadcast{}

// Info describes the pathway.
func (Broadcast) Info() rules.Info {
	return rules.Info{
		Name:    "broadcast",
		Summary: "one number, the size of the signal, to every neuron",
		Formula: "f_l = ψ(|s|² B_lᵀ + c_l)",
		Source:  "Frémaux & Gerstner, Frontiers in Neural Circuits 9 (2016) 85",
	}
}

// Weights asks for B_l and c_l of every plastic layer but a clamped output.
func (Broadcast) Weights(layers []rules.Dims, l int, clamped bool) rules.Weights {
	if !layers[l].Plastic || clamped && l == len(layers)-1 {
		return rules.Weights{}
	}
	return rules.Weights{B: []int{layers[l].Out, 1}, C: []int{layers[l].Out}, FanIn: 1}
}

// Feedback returns f_l of every layer that has feedback weights.
func (Broadcast) Feedback(b *op.Builder, t rules.TopDown) []*G.Node {
	size := b.RowDot(t.Signal, t.Signal)
	m := b.Reshape(size, t.Signal.Shape()[0], 1)
	f := make([]*G.Node, len(t.Layers))
	for l, layer := range t.Layers {
		if layer.B == nil {
			continue
		}
		t.At(b, l)
		f[l] = t.Psi(b, b.Dense(m, layer.B, layer.C, op.Linear))
		if t.Gated {
			f[l] = t.Gate(b, f[l], l)
		}
	}
	return f
}
