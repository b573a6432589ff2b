package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// Clip keeps every weight within bounds.
//
//	W ← min(max(U(W), −c), c)   [out,in]
//
//	U(W)  [out,in]  weights after the step by the rule inside
//	c               the setting bound
//
// A weight that is held at a bound has derivative 0; one that is exactly there has 1. Initial weights
// beyond a bound, and plastic biases, are brought within it by the first step. Cost: that of the rule
// inside and a pass over W.
//
// Source: Miconi, Rawal, Clune & Stanley, Backpropamine, ICLR 2019, who clip the plastic part of a weight.
type Clip struct {
	Of    Rule    `yaml:"of" about:"the rule whose weights are bounded"`
	Bound float64 `yaml:"bound" range:"above 0" about:"the largest weight, and the smallest is minus that"`
}

var (
	_ Updater    = Clip{}
	_ Parametric = Clip{}
	_ Observer   = Clip{}
	_ NonLocal   = Clip{}
	_ Combinator = Clip{}
)

// Info describes the rule.
func (Clip) Info() Info {
	return Info{
		Name:    ClipName,
		Summary: "bounds on every weight, after each step of a rule",
		Formula: "W ← min(max(U(W), −c), c)",
		Source:  "Miconi, Rawal, Clune & Stanley, ICLR 2019",
	}
}

// Validate says what is wrong with the settings.
func (c Clip) Validate() error {
	f := checkInner(c, false)
	f.Check(c.Bound > 0 && isFinite(c.Bound), "bound", c.Bound, "a finite number above 0")
	return f.Join()
}

// Inner is the rule whose weights are bounded.
func (c Clip) Inner() Rule { return c.Of }

// Params are those of the rule inside.
func (c Clip) Params() []Param { return ParamsOf(c.Of) }

// State are the variables of the rule inside.
func (c Clip) State() []Variable { return StateOf(c.Of) }

// Observes is what the rule inside sees.
func (c Clip) Observes() Observed { return Sees(c.Of) }

// NonLocal is that of the rule inside.
func (c Clip) NonLocal() string { return Locality(c.Of) }

// Delta is ErrNoDelta.
func (c Clip) Delta(b *op.Builder, _ Synapses) *G.Node { return b.Fail(&NoDeltaError{ClipName}) }

// Update returns the weights and the state after the step.
func (c Clip) Update(b *op.Builder, s Synapses, p op.Plasticity) (*G.Node, Values) {
	w, next := Apply(b, c.Of, s, p)
	return b.Clamp(w, -c.Bound, c.Bound), next
}
