package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/data/fault"
	"metaplast/data/suggest"
	"metaplast/graph/op"
)

// The competitions between the units of a layer.
const (
	NoCompetition      = "none"
	SoftmaxCompetition = "softmax" // q_n = softmax(p_n)
	WinnerCompetition  = "winner"  // q_n is 1 at the largest of p_n, else 0
)

// Competitions lists them.
func Competitions() []string {
	return []string{NoCompetition, SoftmaxCompetition, WinnerCompetition}
}

// Instar moves the weights of active units towards the input: rows of W become prototypes.
//
//	Δ = qᵀ h − diag(Σ_n q) W   [out,in],   Δ_i = Σ_n q_ni (h_n − W_i)
//
//	h  [N,in]   presynaptic activity
//	p  [N,out]  postsynaptic activity after feedback
//	q  [N,out]  p, or what is left of it when the units of the layer have competed
//	W  [out,in] weights at this inner step
//
// The competition is among the units of one example: q_n = softmax(p_n), or 1 for the largest, the first of
// several, and 0 for all others, which is constant for the outer gradient. A unit then has to know the
// activity of the others, by lateral inhibition, so that only competition none is local. With the clamped
// output's target for p a row moves to its class, and beside distance readout, with signal gradient and
// the backprop pathway, it descends the loss as hebb does with dot.
// Cost: 2·N·in·out FLOPs and three passes over W.
//
// Source: Grossberg, Adaptive pattern classification and universal recoding I, Biol. Cybern. 23 (1976)
// 121-134; Rumelhart & Zipser, Cognitive Science 9 (1985) 75-112, for winners; Miconi, Hebbian learning
// with gradients, arXiv 2107.01729 (2021). Not the outstar, which decays by presynaptic activity.
type Instar struct {
	Competition string `yaml:"competition" range:"none, softmax or winner" about:"how the units of a layer compete for an example"`
}

var (
	_ Weighted    = Instar{}
	_ Competitive = Instar{}
	_ NonLocal    = Instar{}
)

// Info describes the rule.
func (Instar) Info() Info {
	return Info{
		Name:    InstarName,
		Summary: "weights of active units move towards the input, with competition if wanted",
		Formula: "Δ = qᵀ h − diag(Σ_n q) W;  q = p, softmax(p) or winner(p)",
		Source:  "Grossberg, Biol. Cybern. 23 (1976) 121-134; Rumelhart & Zipser, Cognitive Science 9 (1985) 75-112; Miconi, arXiv 2107.01729 (2021)",
	}
}

// Validate says what is wrong with the setting.
func (r Instar) Validate() error {
	var f fault.Fields
	f.Add("competition", suggest.Unknown("competition", r.Competition, Competitions()))
	return f.Join()
}

// NonLocal says that units which compete see each other.
func (r Instar) NonLocal() string {
	if r.Competition == NoCompetition {
		return ""
	}
	return "lateral inhibition: with competition " + r.Competition + " the activity of a unit depends on all others of its layer"
}

// Compete is q [N,out].
func (r Instar) Compete(b *op.Builder, post *G.Node) *G.Node {
	switch r.Competition {
	case SoftmaxCompetition:
		return b.Softmax(post)
	case WinnerCompetition:
		return b.Winner(post)
	}
	return post
}

// Delta returns Δ [out,in].
func (r Instar) Delta(b *op.Builder, s Synapses) *G.Node {
	return instar(b, r.Compete(b, s.Post), s)
}

// Weigh returns Σ_n m_n q_n (h_n − W).
func (r Instar) Weigh(b *op.Builder, s Synapses, m *G.Node) (*G.Node, Values) {
	return instar(b, b.RowScale(m, r.Compete(b, s.Post)), s), nil
}

func instar(b *op.Builder, q *G.Node, s Synapses) *G.Node {
	return b.Sub(b.Hebb(q, s.Pre), b.RowScale(b.SumBias(q), s.W))
}
