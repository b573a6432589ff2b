package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	G "gorgonia.org/gorgonia"

	"metaplast/data/fault"
	"metaplast/data/suggest"
	"metaplast/graph/op"
)

// Taylor is a polynomial of what a synapse sees, whose coefficients are meta-parameters.
//
//	Δ[i,j] = Σ_n Σ_{a,b,c} θ_abc h[n,j]^a p[n,i]^b W[i,j]^c   [out,in]
//
//	h  [N,in]    presynaptic activity
//	p  [N,out]   postsynaptic activity after feedback, or before it as Post says
//	W  [out,in]  weights at this inner step
//	θ  [1]       or [out], for each neuron, as the learner's rule_per says
//
// With a Factor terms have a fourth index, θ_abcd, and the power d of the unit's feedback f[n,i] or of the
// modulator m[n]. 0⁰ is 1. Coefficients are called theta_abc; those that are not mentioned in Theta start at 0,
// where the rule changes nothing and yet has a meta-gradient. With an L1 penalty on them (rule_penalty of a
// learner) few terms remain.
//
// Hebb is θ_110 = 1, and Oja θ_110 = 1 and θ_021 = −1. By the backprop pathway with signal gradient,
// θ_110 = 1 alone is gradient descent.
//
// Cost: for each power of W and each power of h from 1 that occur, 2·N·in·out FLOPs, and a pass over W
// for each power of it: six products for all terms of degree 2. Terms that are not there cost nothing.
//
// Source: Confavreux et al., A meta-learning approach to (re)discover plasticity rules that carve a
// desired function into a neural network, NeurIPS 2020; Mehta et al., Model based inference of synaptic
// plasticity rules, NeurIPS 2024, with reward as fourth factor.
type Taylor struct {
	Degree       int                `yaml:"degree" range:"1 or 2" about:"highest power of pre, post and weight"`
	Terms        []string           `yaml:"terms" range:"different indices of the powers of pre, post and weight, and of the factor if there is one, in quotes, such as [\"110\", \"021\"]; none means all" about:"which of the terms there are"`
	Theta        map[string]float64 `yaml:"theta" range:"numbers by index of a term, such as {110: 1, 021: -1}" about:"initial coefficients; those that are not mentioned start at 0"`
	Spread       float64            `yaml:"spread" range:"from 0" about:"standard deviation of normal numbers that are added to all initial coefficients"`
	Post         string             `yaml:"post" range:"post or activity" about:"what post is: the unit's activity with feedback mixed in, or that activity alone"`
	Factor       string             `yaml:"factor" range:"none, feedback or modulator" about:"a fourth factor: feedback of the postsynaptic unit, or the learner's modulator"`
	FactorDegree int                `yaml:"factor_degree" range:"1 or 2" about:"highest power of the fourth factor"`
}

// The values of Taylor's settings.
const (
	MixedPost       = "post"
	ActivityPost    = "activity"
	NoFactor        = "none"
	FeedbackFactor  = "feedback"
	ModulatorFactor = "modulator"
)

var (
	_ Stepper    = Taylor{}
	_ Parametric = Taylor{}
	_ Observer   = Taylor{}
)

// DefaultTaylor has all 27 terms of degree 2 in pre, post and weight, with coefficients 0.
func DefaultTaylor() Taylor {
	return Taylor{Degree: 2, Post: MixedPost, Factor: NoFactor, FactorDegree: 1}
}

// Info describes the rule.
func (Taylor) Info() Info {
	return Info{
		Name:    TaylorName,
		Summary: "polynomial of pre, post and weight, and of feedback or a modulator, with learned coefficients",
		Formula: "Δ_ij = Σ_n Σ_abc θ_abc h_nj^a p_ni^b W_ij^c",
		Source:  "Confavreux et al., NeurIPS 2020; Mehta et al., NeurIPS 2024",
	}
}

// Validate checks the settings.
func (r Taylor) Validate() error {
	var f fault.Fields
	f.Check(r.Degree == 1 || r.Degree == 2, "degree", r.Degree, "1 or 2")
	f.Check(r.FactorDegree == 1 || r.FactorDegree == 2, "factor_degree", r.FactorDegree, "1 or 2")
	f.Add("post", suggest.Unknown("post", r.Post, []string{MixedPost, ActivityPost}))
	f.Add("factor", suggest.Unknown("factor", r.Factor, []string{NoFactor, FeedbackFactor, ModulatorFactor}))
	f.Check(isFinite(r.Spread) && r.Spread >= 0, "spread", r.Spread, "a finite number of at least 0")
	if len(f) > 0 {
		return f.Join()
	}
	all := r.all()
	want := fmt.Sprintf("indices from %s to %s, a power from 0 to %d of pre, post and weight each", all[0], all[len(all)-1], r.Degree)
	if r.hasFactor() {
		want += fmt.Sprintf(" and one from 0 to %d of the %s", r.FactorDegree, r.Factor)
	}
	for i, t := range r.Terms {
		f.Check(slices.Contains(all, t) && !slices.Contains(r.Terms[:i], t), "terms", t, "different "+want)
	}
	for _, t := range slices.Sorted(maps.Keys(r.Theta)) {
		f.Check(slices.Contains(all, t), "theta."+t, fault.Words("unknown"), want)
		f.Check(!slices.Contains(all, t) || slices.Contains(r.indices(), t), "theta."+t, fault.Words("not among terms"), "one of "+strings.Join(r.indices(), ", "))
		f.Check(isFinite(r.Theta[t]), "theta."+t, r.Theta[t], "a finite number")
	}
	return f.Join()
}

func (r Taylor) hasFactor() bool { return r.Factor == FeedbackFactor || r.Factor == ModulatorFactor }

// all are the indices of every term that there could be, in ascending order.
func (r Taylor) all() (list []string) {
	powers := []int{r.Degree, r.Degree, r.Degree}
	if r.hasFactor() {
		powers = append(powers, r.FactorDegree)
	}
	list = []string{""}
	for _, most := range powers {
		var longer []string
		for _, t := range list {
			for e := range most + 1 {
				longer = append(longer, t+fmt.Sprint(e))
			}
		}
		list = longer
	}
	return list
}

// indices are those of the terms that there are, in ascending order.
func (r Taylor) indices() []string {
	if len(r.Terms) == 0 {
		return r.all()
	}
	return slices.Sorted(slices.Values(r.Terms))
}

// terms are the powers of the terms that there are.
func (r Taylor) terms() (list []op.Term) {
	for _, t := range r.indices() {
		e := make([]int, 4)
		for i, digit := range t {
			e[i] = int(digit - '0')
		}
		list = append(list, op.Term{Pre: e[0], Post: e[1], Weight: e[2], Factor: e[3]})
	}
	return list
}

// Params are theta_abc or theta_abcd, as far as there are terms.
func (r Taylor) Params() (list []Param) {
	terms := r.terms()
	for i, t := range r.indices() {
		list = append(list, Param{Name: "theta_" + t, Initial: r.Theta[t], Spread: r.Spread, Sparse: true, About: r.about(terms[i])})
	}
	return list
}

// about says what a coefficient multiplies.
func (r Taylor) about(t op.Term) string {
	var factors []string
	for _, f := range []struct {
		name  string
		power int
	}{{"pre", t.Pre}, {"post", t.Post}, {"weight", t.Weight}, {r.Factor, t.Factor}} {
		if f.power > 0 {
			factors = append(factors, f.name+[...]string{"", "", "²"}[f.power])
		}
	}
	if factors == nil {
		return "1, a drift"
	}
	return strings.Join(factors, " · ")
}

// Observes asks for what the settings name.
func (r Taylor) Observes() Observed {
	return Observed{Activity: r.Post == ActivityPost, Modulator: r.Factor == ModulatorFactor}
}

// see is what the polynomial is of.
func (r Taylor) see(b *op.Builder, s Synapses) (post, factor, theta *G.Node) {
	post = s.Post
	if r.Post == ActivityPost {
		post = s.Activity
	}
	switch {
	case r.Factor == FeedbackFactor && s.Feedback == nil:
		b.Fail(ErrNoFeedback)
	case r.Factor == FeedbackFactor:
		factor = s.Feedback
	case r.Factor == ModulatorFactor && b.Usable(post, s.Modulator):
		if n := s.Modulator.Shape()[0]; n == post.Shape()[0] {
			factor = b.RowTile(s.Modulator, post.Shape()[1])
		} else {
			factor = b.ScaleBy(b.OnesLike(post), s.Modulator)
		}
	}
	var thetas []*G.Node
	for _, p := range r.Params() {
		thetas = append(thetas, s.Params[p.Name])
	}
	return post, factor, b.Stack(thetas...)
}

// Delta returns Δ [out,in].
func (r Taylor) Delta(b *op.Builder, s Synapses) *G.Node {
	post, factor, theta := r.see(b, s)
	return b.Taylor(s.W, post, s.Pre, factor, theta, r.terms())
}

// Step returns the weights after the update.
func (r Taylor) Step(b *op.Builder, s Synapses, p op.Plasticity) *G.Node {
	post, factor, theta := r.see(b, s)
	return b.TaylorStep(s.W, post, s.Pre, factor, theta, r.terms(), p)
}
