package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// Trace gives every synapse an eligibility: changes leave a trace that fades, and the trace is what is
// applied.
//
//	E(t+1) = λ E(t) + Δ              [out,in], E(0) = 0
//	E(t+1) = λ E(t) + (1 − λ) Δ      with average
//	Δ′ = E(t+1),   or m̄ E(t+1)       with modulated
//
//	Δ  [out,in]  change by the rule inside
//	λ  [1] or [out], parameter trace_lambda: what is kept in an inner step
//	m  [1] or [N], the third factor, and m̄ its mean over the examples of the step
//
// A trace has forgotten which example left it, so that a factor for each example acts by its mean: with
// one example per step these are the same. A factor that is to weigh examples stands inside:
// {name: trace, of: modulated}. λ is not bounded when it is learned; beyond 1 traces grow.
// Cost: that of the rule inside and two passes over an array of the size of W.
//
// Source: Miconi, Rawal, Clune & Stanley, Backpropamine, ICLR 2019, eqs. 4 and 5, with average and
// modulated, where 1 − λ is called η. There the factor applies the trace of before the step, E(t), so that
// what it says comes too late for the activities of its own step; here it is E(t+1), which has them. Gerstner
// et al., Front. Neural Circuits 12 (2018) 53, for eligibility and three factors.
type Trace struct {
	Of        Rule    `yaml:"of" about:"the rule whose changes leave the trace"`
	Lambda    float64 `yaml:"lambda" range:"from 0 to 1" about:"λ at the start of meta-training: what is kept of a trace in an inner step"`
	Fixed     bool    `yaml:"fixed" about:"whether λ stays what it is"`
	Average   bool    `yaml:"average" about:"whether a trace is a running mean, λ E + (1 − λ) Δ, and not a sum"`
	Modulated bool    `yaml:"modulated" about:"whether the trace is applied times the third factor"`
}

const (
	traceLambda = TraceName + "_lambda"
	traceE      = TraceName + "_e"
)

var (
	_ Stateful   = Trace{}
	_ Parametric = Trace{}
	_ Observer   = Trace{}
	_ NonLocal   = Trace{}
	_ Combinator = Trace{}
)

// Info describes the rule.
func (Trace) Info() Info {
	return Info{
		Name:    TraceName,
		Summary: "eligibility: the changes of a rule leave a fading trace, which is applied",
		Formula: "E ← λ E + Δ;  Δ′ = E, or m E with modulated",
		Source:  "Miconi, Rawal, Clune & Stanley, ICLR 2019; Gerstner et al., Front. Neural Circuits 12 (2018) 53",
	}
}

// Validate says what is wrong with the settings.
func (t Trace) Validate() error {
	f := checkInner(t, true)
	f.Check(t.Lambda >= 0 && t.Lambda <= 1, "lambda", t.Lambda, "from 0 to 1")
	return f.Join()
}

// Inner is the rule whose changes leave the trace.
func (t Trace) Inner() Rule { return t.Of }

// Params are those of the rule inside, and λ.
func (t Trace) Params() []Param {
	return paramsBeside(t.Of, Param{Name: traceLambda, Initial: t.Lambda, Fixed: t.Fixed, About: "what is kept of a trace in an inner step"})
}

// State are the variables of the rule inside, and E.
func (t Trace) State() []Variable {
	return stateBeside(t.Of, Variable{Name: traceE, Per: PerSynapse, About: "trace of the changes"})
}

// Observes is what the rule inside sees, and the third factor with modulated.
func (t Trace) Observes() Observed { return observing(t.Of, Observed{Modulator: t.Modulated}) }

// NonLocal is that of the rule inside.
func (t Trace) NonLocal() string { return Locality(t.Of) }

// Delta returns Δ′ [out,in].
func (t Trace) Delta(b *op.Builder, s Synapses) *G.Node {
	delta, _ := t.Next(b, s)
	return delta
}

// Next returns Δ′ [out,in] and the state after the step.
func (t Trace) Next(b *op.Builder, s Synapses) (*G.Node, Values) {
	delta, next := Changes(b, t.Of, s)
	lambda := s.Params[traceLambda]
	if t.Average {
		delta = b.Sub(delta, Times(b, delta, lambda))
	}
	e := b.Add(Times(b, s.State[traceE], lambda), delta)
	next = next.beside(traceE, e)
	if t.Modulated {
		return b.ScaleBy(e, meanFactor(b, s.Modulator)), next
	}
	return e, next
}
