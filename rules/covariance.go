package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/data/fault"
	"metaplast/data/suggest"
	"metaplast/graph/op"
)

// The means that covariance takes.
const (
	RunningMean = "running" // over the steps so far
	BatchMean   = "batch"   // over the examples of the step
)

// Means lists them.
func Means() []string { return []string{RunningMean, BatchMean} }

// Covariance strengthens a synapse when the activities at its ends are above or below their means
// together, and weakens it when they are apart.
//
//	Δ = Σ_n (p_n − p̄)ᵀ (h_n − h̄)           [out,in]
//
//	h  [N,in]   presynaptic activity, h̄ [in] its mean
//	p  [N,out]  postsynaptic activity after feedback, p̄ [out] its mean
//
//	mean running   h̄ and p̄ are those of before the step, variables mean_pre and mean_post, and follow:
//	               p̄(t+1) = p̄ + τ (mean_n p_n − p̄), the same for h̄; both are 0 at first
//	               τ  [1], parameter tau
//	mean batch     h̄ and p̄ are means over the N examples of the step: Δ is N times their covariance,
//	               and 0 with one example per step
//
// The synapse of a plastic bias is from a unit that is always 1: with mean batch it does not change, with
// mean running it does as long as h̄ is on its way to 1. There is one τ for the network or a layer, not
// for each neuron, since presynaptic units have their means by it, too.
// Cost: 2·N·in·out FLOPs.
//
// Source: Sejnowski, Storing covariance with nonlinearly interacting neurons, J. Math. Biol. 4 (1977)
// 303-321, where the means are those over time.
type Covariance struct {
	Mean  string  `yaml:"mean" range:"running or batch" about:"what activity is compared with: its running mean, or that of the examples of a step"`
	Tau   float64 `yaml:"tau" range:"above 0, to 1" about:"τ at the start of meta-training: how fast running means follow"`
	Fixed bool    `yaml:"fixed" about:"whether τ stays what it is"`
}

const (
	covarianceTau = "tau"
	meanPre       = "mean_pre"
	meanPost      = "mean_post"
)

var (
	_ Stateful   = Covariance{}
	_ Weighted   = Covariance{}
	_ Parametric = Covariance{}
)

// Info describes the rule.
func (Covariance) Info() Info {
	return Info{
		Name:    CovarianceName,
		Summary: "product of the deviations of activity from its means",
		Formula: "Δ = Σ_n (p − p̄)ᵀ (h − h̄)",
		Source:  "Sejnowski, J. Math. Biol. 4 (1977) 303-321",
	}
}

// Validate says what is wrong with the settings.
func (r Covariance) Validate() error {
	var f fault.Fields
	f.Add("mean", suggest.Unknown("mean", r.Mean, Means()))
	f.Check(r.Tau > 0 && r.Tau <= 1, "tau", r.Tau, "above 0, to 1")
	return f.Join()
}

// Params is τ, of running means.
func (r Covariance) Params() []Param {
	if r.Mean == BatchMean {
		return nil
	}
	return []Param{{Name: covarianceTau, Shape: []int{1}, Initial: r.Tau, Fixed: r.Fixed, About: "how fast running means follow activity"}}
}

// State are running means.
func (r Covariance) State() []Variable {
	if r.Mean == BatchMean {
		return nil
	}
	return []Variable{{Name: meanPre, Per: PerPre, About: "running mean of presynaptic activity"}, {Name: meanPost, Per: PerPost, About: "running mean of postsynaptic activity"}}
}

// Delta returns Δ [out,in].
func (r Covariance) Delta(b *op.Builder, s Synapses) *G.Node {
	delta, _ := r.Next(b, s)
	return delta
}

// Next returns Δ [out,in] and the means after the step.
func (r Covariance) Next(b *op.Builder, s Synapses) (*G.Node, Values) {
	p, h, next := r.deviations(b, s)
	return b.Hebb(p, h), next
}

// Weigh returns Σ_n m_n (p_n − p̄)ᵀ (h_n − h̄), and the means after the step.
func (r Covariance) Weigh(b *op.Builder, s Synapses, m *G.Node) (*G.Node, Values) {
	p, h, next := r.deviations(b, s)
	return b.Hebb(b.RowScale(m, p), h), next
}

// deviations are p − p̄ and h − h̄.
func (r Covariance) deviations(b *op.Builder, s Synapses) (p, h *G.Node, next Values) {
	if !b.Usable(s.Post, s.Pre) {
		return nil, nil, nil
	}
	mean := func(x *G.Node) *G.Node { return b.Scale(b.SumBias(x), 1/float64(x.Shape()[0])) }
	less := func(x, mean *G.Node) *G.Node { return b.AddBias(x, b.Scale(mean, -1)) }
	if r.Mean == BatchMean {
		return less(s.Post, mean(s.Post)), less(s.Pre, mean(s.Pre)), nil
	}
	tau := s.Params[covarianceTau]
	post, pre := s.State[meanPost], s.State[meanPre]
	next = Values{
		meanPost: b.Add(post, Times(b, b.Sub(mean(s.Post), post), tau)),
		meanPre:  b.Add(pre, Times(b, b.Sub(mean(s.Pre), pre), tau)),
	}
	return less(s.Post, post), less(s.Pre, pre), next
}
