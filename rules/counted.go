package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// Counted makes the steps of a neuron smaller the more it has been taught.
//
//	Δ′_i = Δ_i / (1 + ρ n_i)             [in], for each row i
//	n_i(t+1) = n_i(t) + Σ_n p_ni²        [out], n(0) = 0
//
//	Δ  [out,in]  change by the rule inside
//	p  [N,out]   postsynaptic activity, after the competition of the rule inside if it has one
//	ρ  [1] or [out], parameter counted_rho
//
// Posts that are 1 for the class of an example and 0 for others, as those of a clamped output with signal
// target, or of winners, make n_i the number of examples of class i. With rule instar, one example per
// step, κ α = 1 and ρ = 1, row i is the mean of the examples of class i so far, exactly: the first one
// replaces the initial weights, of which nothing is left. With ρ below 1/(κ α) recent examples weigh
// more, with ρ = 0 it is the rule inside. With ρ n_i = −1, which a learned ρ may reach, the change is
// infinite. Cost: that of the rule inside and a pass over W.
//
// Source: Robbins & Monro, Ann. Math. Stat. 22 (1951) 400-407, for steps that fall as 1/n; MacQueen,
// Proc. 5th Berkeley Symp. (1967) 281-297, for means of classes by them.
type Counted struct {
	Of    Rule    `yaml:"of" about:"the rule whose steps get smaller"`
	Rho   float64 `yaml:"rho" range:"from 0" about:"ρ at the start of meta-training: how fast steps get smaller"`
	Fixed bool    `yaml:"fixed" about:"whether ρ stays what it is"`
}

const (
	countedRho = CountedName + "_rho"
	countedN   = CountedName + "_n"
)

var (
	_ Stateful   = Counted{}
	_ Weighted   = Counted{}
	_ Parametric = Counted{}
	_ Observer   = Counted{}
	_ NonLocal   = Counted{}
	_ Combinator = Counted{}
)

// Info describes the rule.
func (Counted) Info() Info {
	return Info{
		Name:    CountedName,
		Summary: "the step of a neuron falls with how often it was taught",
		Formula: "Δ′_i = Δ_i / (1 + ρ n_i);  n_i ← n_i + Σ_n p_ni²",
		Source:  "Robbins & Monro, Ann. Math. Stat. 22 (1951) 400-407; MacQueen, Proc. 5th Berkeley Symp. (1967) 281-297",
	}
}

// Validate says what is wrong with the settings.
func (c Counted) Validate() error {
	f := checkInner(c, true)
	f.Check(c.Rho >= 0 && isFinite(c.Rho), "rho", c.Rho, "a finite number of at least 0")
	return f.Join()
}

// Inner is the rule whose steps get smaller.
func (c Counted) Inner() Rule { return c.Of }

// Params are those of the rule inside, and ρ.
func (c Counted) Params() []Param {
	return paramsBeside(c.Of, Param{Name: countedRho, Initial: c.Rho, Fixed: c.Fixed, About: "how fast the steps of a neuron get smaller"})
}

// State are the variables of the rule inside, and n.
func (c Counted) State() []Variable {
	return stateBeside(c.Of, Variable{Name: countedN, Per: PerPost, About: "how often the neuron was taught"})
}

// Observes is what the rule inside sees.
func (c Counted) Observes() Observed { return Sees(c.Of) }

// NonLocal is that of the rule inside.
func (c Counted) NonLocal() string { return Locality(c.Of) }

// Delta returns Δ′ [out,in].
func (c Counted) Delta(b *op.Builder, s Synapses) *G.Node {
	delta, _ := c.Next(b, s)
	return delta
}

// Next returns Δ′ [out,in] and the state after the step.
func (c Counted) Next(b *op.Builder, s Synapses) (*G.Node, Values) {
	delta, next := Changes(b, c.Of, s)
	return c.count(b, s, delta, next)
}

// Weigh returns Σ_n m_n Δ′_n; every example counts as one that was taught, whatever its weight.
func (c Counted) Weigh(b *op.Builder, s Synapses, m *G.Node) (*G.Node, Values) {
	delta, next := Weigh(b, c.Of, s, m)
	return c.count(b, s, delta, next)
}

func (c Counted) count(b *op.Builder, s Synapses, delta *G.Node, next Values) (*G.Node, Values) {
	n := s.State[countedN]
	p := competing(b, c.Of, s.Post)
	if !b.Usable(n, p) {
		return nil, nil
	}
	one := b.OnesLike(n)
	rate := b.Div(one, b.Add(one, Times(b, n, s.Params[countedRho])))
	return b.RowScale(rate, delta), next.beside(countedN, b.Add(n, b.ColDot(p, p)))
}
