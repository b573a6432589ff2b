package rules

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"metaplast/data/fault"
	"metaplast/graph/op"
)

// MLP is a rule that is a small network, the same for all synapses, whose weights are meta-parameters.
//
//	Δ_ij = Σ_n g(h_nj, p_ni, W_ij),   g(x) = Σ_k v_k tanh(A_k · x + d_k)   [out,in]
//	Δ_ij = Σ_n g(h_nj, p_ni, W_ij, f_ni)   with feedback: true
//
//	h  [N,in]    presynaptic activity
//	p  [N,out]   postsynaptic activity after feedback
//	f  [N,out]   feedback alone
//	W  [out,in]  weights at this inner step
//	A  [K,3]     hidden_weights, or [K,4] with feedback; K hidden units
//	d  [K]       hidden_biases
//	v  [K]       output_weights
//
// A starts at normal numbers, so that hidden units differ, and so does v, small, so that the first episodes
// change little; with v = 0 nothing else would have a gradient. What it can say is any function of what a
// synapse sees, for enough hidden units; which one it has become is not to be read from its weights, as it is from
// the coefficients of a polynomial.
//
// Cost: 2 N·in·out·K hyperbolic tangents with the reverse pass, where a product has as many multiplications for K = 1; no
// array of [N,out,in] is stored. See op.Builder.SynapseNet.
//
// Source: Gu, Greydanus, Metz, Maheswaranathan & Sohl-Dickstein, Meta-learning biologically plausible
// semi-supervised update rules, bioRxiv 2019.12.30.891184; Mehta et al., Model based inference of synaptic
// plasticity rules, NeurIPS 2024, for one network of pre, post and weight.
type MLP struct {
	Hidden   int     `yaml:"hidden" range:"1 to 64" about:"hidden units of the network"`
	Feedback bool    `yaml:"feedback" about:"whether the network sees the feedback of the postsynaptic unit by itself too"`
	Spread   float64 `yaml:"spread" range:"above 0" about:"standard deviation of the initial hidden weights"`
	Output   float64 `yaml:"output" range:"above 0" about:"standard deviation of the initial output weights"`
}

var _ Parametric = MLP{}

// DefaultMLP has 8 hidden units.
func DefaultMLP() MLP { return MLP{Hidden: 8, Spread: 0.5, Output: 0.001} }

// Info describes the rule.
func (MLP) Info() Info {
	return Info{
		Name:    MLPName,
		Summary: "one small network for all synapses, whose weights are learned",
		Formula: "Δ_ij = Σ_n Σ_k v_k tanh(A_k · (h_nj, p_ni, W_ij) + d_k)",
		Source:  "Gu et al., bioRxiv 2019.12.30.891184; Mehta et al., NeurIPS 2024",
	}
}

// Validate checks the settings.
func (r MLP) Validate() error {
	var f fault.Fields
	f.Check(r.Hidden >= 1 && r.Hidden <= op.MaxHidden, "hidden", r.Hidden, fmt.Sprintf("1 to %d", op.MaxHidden))
	f.Check(isFinite(r.Spread) && r.Spread > 0, "spread", r.Spread, "a finite number above 0")
	f.Check(isFinite(r.Output) && r.Output > 0, "output", r.Output, "a finite number above 0")
	return f.Join()
}

// Params are A, d and v.
func (r MLP) Params() []Param {
	inputs := 3
	if r.Feedback {
		inputs = 4
	}
	return []Param{
		{Name: "hidden_weights", Shape: []int{r.Hidden, inputs}, Spread: r.Spread, About: "of pre, post, weight and, if it is seen, feedback, for each hidden unit"},
		{Name: "hidden_biases", Shape: []int{r.Hidden}, About: "of the hidden units"},
		{Name: "output_weights", Shape: []int{r.Hidden}, Spread: r.Output, About: "of the hidden units in the change"},
	}
}

// Delta returns Δ [out,in].
func (r MLP) Delta(b *op.Builder, s Synapses) *G.Node {
	var f *G.Node
	if r.Feedback {
		if f = s.Feedback; f == nil {
			return b.Fail(ErrNoFeedback)
		}
	}
	return b.SynapseNet(s.Pre, s.Post, f, s.W, s.Params["hidden_weights"], s.Params["hidden_biases"], s.Params["output_weights"])
}
