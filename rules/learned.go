package rules

import (
	"fmt"

	"metaplast/data/catalog"
	"metaplast/data/fault"
)

// Param declares meta-parameters of a rule, which the outer loop learns. A number exists once for the
// network, once for each layer, or once for each neuron, as the learner's setting rule_per says; the
// rule sees a node [1] in the first two cases and [out] in the third, and multiplies by Times, which
// takes both. An array exists once for the network or for each layer.
type Param struct {
	Name    string  // letters, digits and "_", first a letter; no other parameter of the rule has it, those of rules inside it included
	Shape   []int   // of an array; nil for a number
	Initial float64 // value at the start of meta-training
	Spread  float64 // standard deviation of normal numbers that are added to Initial; 0 means none
	Fixed   bool    // keeps its initial value
	Sparse  bool    // the penalty of the outer loss (rule_penalty) draws it to 0, as a coefficient among many
	About   string  // what it multiplies or does, in a few words
}

// Dims is the shape that the rule sees where there is one set for a layer or for the network.
func (p Param) Dims() []int {
	if p.Shape == nil {
		return []int{1}
	}
	return p.Shape
}

// Parametric is a rule with meta-parameters of its own: θ in Δ = rule_θ(…). Params is constant, and
// what it declares arrives in Synapses.Params under its name.
type Parametric interface {
	Rule
	Params() []Param
}

// Extent says what there is one of, in a variable of a rule's state.
type Extent string

// The extents of variables.
const (
	PerSynapse Extent = "synapse" // [out,in]
	PerPost    Extent = "post"    // [out], one for each postsynaptic unit
	PerPre     Extent = "pre"     // [in], one for each presynaptic unit
)

// Variable declares a variable of a rule's state: it lives through the episode, beside the weights.
type Variable struct {
	Name    string // as that of a Param
	Per     Extent
	Initial float64 // s(0), everywhere
	Learned bool    // s(0) is a meta-parameter of the variable's shape, which starts at Initial
	About   string  // in a few words
}

// Dims is the shape of the variable in a layer.
func (v Variable) Dims(in, out int) []int {
	switch v.Per {
	case PerPost:
		return []int{out}
	case PerPre:
		return []int{in}
	}
	return []int{out, in}
}

// Rememberer is a rule whose synapses or units remember more than weights: s(t). State is constant, and
// what it declares arrives in Synapses.State under its name. A rule with state is Stateful or an Updater.
type Rememberer interface {
	Rule
	State() []Variable
}

// Observer is a rule that sees more than Pre, Post, Feedback and W.
type Observer interface {
	Rule
	Observes() Observed
}

// Observed says which further fields of Synapses a rule looks at. PreFeedback may be nil all the
// same, where the presynaptic units have no feedback.
type Observed struct {
	Activity, PreFeedback, Initial, Modulator bool

	// Probabilities makes Activity of an output layer under cross-entropy softmax ŷ, what its units say, instead
	// of ŷ.
	Probabilities bool
}

// NonLocal is a rule, or a setting of one, that sends to a synapse what it cannot see: more than
// Pre[:,j], PreFeedback[:,j] and variables of unit j, what belongs to unit i, row i of W and of what is per
// synapse, and the modulator. The same is asked of the state after a step: a variable per synapse sees
// what a synapse sees; one of a postsynaptic unit what all its synapses see, hence all of Pre; one of a
// presynaptic unit that unit's own only. NonLocal says in words what that is, and is empty if the
// settings make the rule local.
type NonLocal interface {
	Rule
	NonLocal() string
}

// ParamsOf are the meta-parameters of a rule's own, none of one that is not Parametric.
func ParamsOf(r Rule) []Param {
	if p, ok := r.(Parametric); ok {
		return p.Params()
	}
	return nil
}

// StateOf are the variables of a rule's own.
func StateOf(r Rule) []Variable {
	if m, ok := r.(Rememberer); ok {
		return m.State()
	}
	return nil
}

// Sees is what a rule looks at beside Pre, Post, Feedback and W.
func Sees(r Rule) Observed {
	if o, ok := r.(Observer); ok {
		return o.Observes()
	}
	return Observed{}
}

// Locality is in words what makes a rule not local, empty if it is local.
func Locality(r Rule) string {
	if n, ok := r.(NonLocal); ok {
		return n.NonLocal()
	}
	return ""
}

// CheckDeclared returns what is wrong with the parameters and variables that a rule declares: names that
// are not legal or given twice, sizes below 1, an unknown extent, numbers that are not finite, and state
// that no method of the rule carries on.
func CheckDeclared(r Rule) error {
	var f fault.Fields
	seen := map[string]bool{}
	name := func(kind, name string) {
		f.Add(kind, catalog.CheckName(name))
		f.Check(!seen[name], kind, name, "a name that no other parameter or variable of the rule has")
		seen[name] = true
	}
	for _, p := range ParamsOf(r) {
		name("parameter", p.Name)
		for _, d := range p.Shape {
			f.Check(d >= 1, "parameter "+p.Name, p.Shape, "sizes of at least 1")
		}
		f.Check(isFinite(p.Initial), "parameter "+p.Name, p.Initial, "a finite initial value")
		f.Check(isFinite(p.Spread) && p.Spread >= 0, "parameter "+p.Name, p.Spread, "a finite spread of at least 0")
	}
	for _, v := range StateOf(r) {
		name("variable", v.Name)
		f.Check(v.Per == PerSynapse || v.Per == PerPost || v.Per == PerPre, "variable "+v.Name, string(v.Per), fmt.Sprintf("%s, %s or %s", PerSynapse, PerPost, PerPre))
		f.Check(isFinite(v.Initial), "variable "+v.Name, v.Initial, "a finite initial value")
	}
	if len(StateOf(r)) > 0 {
		_, next := r.(Stateful)
		_, updates := r.(Updater)
		_, steps := r.(Stepper)
		f.Check(next || updates, "state", fault.Words("no way to the next one"), "method Next, or Update for a rule that says what the weights are after a step")
		f.Check(updates || !steps, "state", fault.Words("method Step, which leaves it as it is"), "method Update in its place, which returns the state too")
	}
	return f.Join()
}

func isFinite(x float64) bool { return x-x == 0 }
