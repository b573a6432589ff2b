package graph

import (
	"metaplast/data/stream"
)

// The groups of meta-parameters.
const (
	Weights    = "weights"    // W(0), b
	Feedback   = "feedback"   // B, c
	Plasticity = "plasticity" // α
	Strength   = "strength"   // β
	RuleOwn    = "rule"       // θ of the rules and the modulator themselves
)

// Groups lists the groups of meta-parameters.
func Groups() []string { return []string{Weights, Feedback, Plasticity, Strength, RuleOwn} }

// Param is one array of meta-parameters: a segment of the learner's flat vector θ.
type Param struct {
	Name    string // W0, b0, B0, c0, alpha0, alpha_b0, beta0 …; alpha if there is one for the network
	Role    Role   // what it is for: Name without the layer
	Group   string // Role's
	Layer   int    // weight layer, or NoLayer
	Shape   []int
	Learned bool // whether the outer loop changes it
	Offset  int  // of its first element in θ
	Size    int

	Sparse bool   // the penalty of the outer loss is on it, see Learner.RulePenalty
	About  string // of what a rule or modulator declares: what it does

	initial initial
}

// Layout is the order of a learner's meta-parameters in θ.
//
//	W{l} [out,in] or [out,in,k,k], b{l} [out]   every layer
//	B{l}, c{l}    by pathway (rules.Pathway.Weights)
//	beta{l} [1]   plastic layers, where activity and feedback are mixed
//	alpha{l}      plastic layers: as W{l}, [out] or [1] by granularity; alpha_b{l} [out]
//	              beside it for plastic biases with a rate per synapse; alpha [1] for one
//	              in the network
//	rule.NAME     parameters of the rule's own (rules.Param): [1] or an array; with rule_per layer
//	              rule.NAME.{l}, with neuron [out]; output_rule.NAME of the output layer's own rule
//	modulator.NAME   of the modulator
//	state.NAME.{l}   initial values of the rule's variables that are learned (rules.Variable);
//	              state_b.NAME.{l} beside them for plastic biases
type Layout []Param

// Total is the length of θ.
func (l Layout) Total() int {
	if len(l) == 0 {
		return 0
	}
	return l[len(l)-1].Offset + l[len(l)-1].Size
}

// Find returns the parameter of a name.
func (l Layout) Find(name string) (Param, bool) {
	for _, p := range l {
		if p.Name == name {
			return p, true
		}
	}
	return Param{}, false
}

// At returns the array of a role and a layer.
func (l Layout) At(role Role, layer int) (Param, bool) {
	for _, p := range l {
		if p.Role == role && p.Layer == layer {
			return p, true
		}
	}
	return Param{}, false
}

// Of returns a parameter's segment of θ.
func (p Param) Of(theta []float64) []float64 { return theta[p.Offset : p.Offset+p.Size] }

// add puts an array at the end; its role, layer and shape are given.
func (l *Layout) add(p Param) {
	p.Name, p.Group = p.Role.Name(p.Layer), p.Role.group()
	p.Offset, p.Size = l.Total(), size(p.Shape)
	*l = append(*l, p)
}

// Init returns the initial θ.
//
//	W  normal, variance 2/fan-in   (He et al., ICCV 2015, eq. 10)
//	B  normal, variance feedback_scale²/fan-in
//	b, c  0;  α  inner_lr;  β  strength
//	θ  initial value that the rule declares, plus normal numbers of the spread that it declares
//
// Each array has a stream of its own, keyed by the seed and the array's name but not by the
// learner's, so that all learners of a run start from the same weights, and the same
// feedback where they have it.
func (l Layout) Init(seed uint64) []float64 {
	theta := make([]float64, l.Total())
	for _, p := range l {
		p.start(p.Of(theta), seed)
	}
	return theta
}

// initial is how an array starts: shift plus scale times normal numbers, or scale everywhere.
type initial struct {
	normal       bool
	scale, shift float64
}

func (p Param) start(theta []float64, seed uint64) {
	if !p.initial.normal {
		for i := range theta {
			theta[i] = p.initial.scale
		}
		return
	}
	r := stream.New(seed, "init/"+p.Name, 0, 0)
	for i := range theta {
		theta[i] = p.initial.shift + p.initial.scale*r.NormFloat64()
	}
}

// NewLayout lays out the meta-parameters of a learner on a network. Cost: linear in the
// number of layers.
func NewLayout(n Network, l Learner) (Layout, error) {
	m, err := newLearnerModel(n, "learner", l)
	if err != nil {
		return nil, err
	}
	return m.layout, nil
}
