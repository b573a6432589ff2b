package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/data/suggest"
	"metaplast/graph/op"
)

// The norms that rows can be given.
const (
	UnitNorm    = "unit"    // 1
	InitialNorm = "initial" // |W_i(0)|
)

// Norms lists them.
func Norms() []string { return []string{UnitNorm, InitialNorm} }

// Normalise keeps the length of every neuron's weights: what one synapse gains the others lose.
//
//	W_i ← r_i U(W)_i / |U(W)_i|   [in], for each row i
//
//	U(W)  [out,in]  weights after the step by the rule inside
//	r_i             1 with norm unit, |W_i(0)| with norm initial
//
// A row of zeros stays one, and |0| has derivative 0. Neurons with a single synapse, which plastic biases
// are to this rule, too, are left to the rule inside: only their sign would be left of them. A synapse
// has to know what the others of its neuron have become in the same step, which is not local; oja is
// what approximates it locally. Cost: that of the rule inside and three passes over W.
//
// Source: Oja, J. Math. Biol. 15 (1982) 267-273, whose rule is the first order in α of this
// one around hebb.
type Normalise struct {
	Of   Rule   `yaml:"of" about:"the rule whose rows of weights are normalised"`
	Norm string `yaml:"norm" range:"unit or initial" about:"length of a row: 1, or that of the initial one"`
}

var (
	_ Updater    = Normalise{}
	_ Parametric = Normalise{}
	_ Observer   = Normalise{}
	_ NonLocal   = Normalise{}
	_ Combinator = Normalise{}
)

// Info describes the rule.
func (Normalise) Info() Info {
	return Info{
		Name:    NormaliseName,
		Summary: "rows of constant length, after each step of a rule",
		Formula: "W_i ← r_i U(W)_i / |U(W)_i|",
		Source:  "Oja, J. Math. Biol. 15 (1982) 267-273",
	}
}

// Validate says what is wrong with the settings.
func (n Normalise) Validate() error {
	f := checkInner(n, false)
	f.Add("norm", suggest.Unknown("norm", n.Norm, Norms()))
	return f.Join()
}

// Inner is the rule whose rows are normalised.
func (n Normalise) Inner() Rule { return n.Of }

// Params are those of the rule inside.
func (n Normalise) Params() []Param { return ParamsOf(n.Of) }

// State are the variables of the rule inside.
func (n Normalise) State() []Variable { return StateOf(n.Of) }

// Observes is what the rule inside sees, and W(0) if lengths are those of its rows.
func (n Normalise) Observes() Observed {
	return observing(n.Of, Observed{Initial: n.Norm == InitialNorm})
}

// NonLocal says that the synapses of a neuron see each other's changes.
func (n Normalise) NonLocal() string {
	const why = "a synapse is divided by a length that the changes of all others of its neuron have a part in, in the same step"
	if inner := Locality(n.Of); inner != "" {
		return inner + "; " + why
	}
	return why
}

// Delta is ErrNoDelta.
func (n Normalise) Delta(b *op.Builder, _ Synapses) *G.Node {
	return b.Fail(&NoDeltaError{NormaliseName})
}

// Update returns the weights and the state after the step.
func (n Normalise) Update(b *op.Builder, s Synapses, p op.Plasticity) (*G.Node, Values) {
	w, next := Apply(b, n.Of, s, p)
	if !b.Usable(w) || w.Shape()[1] == 1 {
		return w, next
	}
	norm, zero := norms(b, w)
	length := b.OnesLike(norm)
	if n.Norm == InitialNorm {
		length, _ = norms(b, s.Initial)
	}
	return b.RowScale(b.Div(length, b.Add(norm, zero)), w), next
}
