package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/data/fault"
	"metaplast/graph/op"
)

// BCM strengthens the synapses of a unit that is more active than usual, and weakens those of one that is
// active, but less.
//
//	Δ_i = Σ_n p_ni (p_ni − θ_i) h_n              [in], for each row i
//	θ_i(t+1) = θ_i + τ (mean_n p_ni² − θ_i)      [out]
//
//	h  [N,in]   presynaptic activity
//	p  [N,out]  postsynaptic activity after feedback
//	θ  [out]    sliding threshold, variable theta: a running mean of p²; θ(0) is a setting
//	τ  [1] or [out], parameter tau
//
// The change is made with the threshold of before the step. A threshold that is slow against α lets
// weights grow and oscillate. Cost: 2·N·in·out FLOPs.
//
// Source: Bienenstock, Cooper & Munro, Theory for the development of neuron selectivity, J. Neurosci. 2
// (1982) 32-48; Intrator & Cooper, Neural Networks 5 (1992) 3-17, for the mean of squares in place of
// the square of the mean.
type BCM struct {
	Tau   float64 `yaml:"tau" range:"above 0, to 1" about:"τ at the start of meta-training: how fast the threshold follows"`
	Fixed bool    `yaml:"fixed" about:"whether τ stays what it is"`
	Theta float64 `yaml:"theta" range:"finite" about:"threshold θ(0) of every unit at the start of an episode, or of meta-training if learned"`
	Learn bool    `yaml:"learned" about:"whether θ(0) is learned, for each unit"`
}

const (
	bcmTau   = "tau"
	bcmTheta = "theta"
)

var (
	_ Stateful   = BCM{}
	_ Weighted   = BCM{}
	_ Parametric = BCM{}
)

// Info describes the rule.
func (BCM) Info() Info {
	return Info{
		Name:    BCMName,
		Summary: "growth above and weakening below a threshold that follows activity",
		Formula: "Δ_i = Σ_n p_i (p_i − θ_i) h;  θ_i ← θ_i + τ (mean_n p_i² − θ_i)",
		Source:  "Bienenstock, Cooper & Munro, J. Neurosci. 2 (1982) 32-48; Intrator & Cooper, Neural Networks 5 (1992) 3-17",
	}
}

// Validate says what is wrong with the settings.
func (r BCM) Validate() error {
	var f fault.Fields
	f.Check(r.Tau > 0 && r.Tau <= 1, "tau", r.Tau, "above 0, to 1")
	f.Check(isFinite(r.Theta), "theta", r.Theta, "a finite number")
	return f.Join()
}

// Params is τ.
func (r BCM) Params() []Param {
	return []Param{{Name: bcmTau, Initial: r.Tau, Fixed: r.Fixed, About: "how fast the threshold follows activity"}}
}

// State is θ.
func (r BCM) State() []Variable {
	return []Variable{{Name: bcmTheta, Per: PerPost, Initial: r.Theta, Learned: r.Learn, About: "sliding threshold"}}
}

// Delta returns Δ [out,in].
func (r BCM) Delta(b *op.Builder, s Synapses) *G.Node {
	delta, _ := r.Next(b, s)
	return delta
}

// Next returns Δ [out,in] and the threshold after the step.
func (r BCM) Next(b *op.Builder, s Synapses) (*G.Node, Values) {
	return b.Hebb(r.drive(b, s), s.Pre), r.next(b, s)
}

// Weigh returns Σ_n m_n p_n (p_n − θ) h_n and the threshold after the step.
func (r BCM) Weigh(b *op.Builder, s Synapses, m *G.Node) (*G.Node, Values) {
	return b.Hebb(b.RowScale(m, r.drive(b, s)), s.Pre), r.next(b, s)
}

// drive is p (p − θ) [N,out].
func (BCM) drive(b *op.Builder, s Synapses) *G.Node {
	return b.Mul(s.Post, b.AddBias(s.Post, b.Scale(s.State[bcmTheta], -1)))
}

func (BCM) next(b *op.Builder, s Synapses) Values {
	theta := s.State[bcmTheta]
	if !b.Usable(s.Post, theta) {
		return nil
	}
	mean := b.Scale(b.ColDot(s.Post, s.Post), 1/float64(s.Post.Shape()[0]))
	return Values{bcmTheta: b.Add(theta, Times(b, b.Sub(mean, theta), s.Params[bcmTau]))}
}
