package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// None sends nothing down. Hidden layers change by their own activity alone, p_l = h_{l+1};
// a clamped output layer still has p = s. With only the output layer plastic it is the
// control that has no credit assignment.
type None struct{}

var (
	_ Pathway = None{}
	_ Silent  = None{}
)

// Info describes the pathway.
func (None) Info() Info {
	return Info{
		Name:    NoneName,
		Summary: "no feedback: hidden layers see their own activity, a clamped output the signal",
		Formula: "p_l = h_{l+1}",
		Source:  "control of Lindsey & Litwin-Kumar, NeurIPS 2020",
	}
}

// Weights asks for none.
func (None) Weights([]Dims, int, bool) Weights { return Weights{} }

// SendsNothing marks the pathway.
func (None) SendsNothing() {}

// Feedback returns nil for every layer.
func (None) Feedback(_ *op.Builder, t TopDown) []*G.Node { return make([]*G.Node, len(t.Layers)) }
