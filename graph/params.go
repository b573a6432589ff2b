package graph

import (
	"fmt"
	"math"

	"metaplast/data/stream"
	"metaplast/rules"
)

// The groups of meta-parameters.
const (
	Weights    = "weights"    // W(0), b
	Feedback   = "feedback"   // B, c
	Plasticity = "plasticity" // α
	Strength   = "strength"   // β
)

// Groups lists the groups of meta-parameters.
func Groups() []string { return []string{Weights, Feedback, Plasticity, Strength} }

// Param is one array of meta-parameters: a segment of the learner's flat vector θ.
type Param struct {
	Name    string // W0, b0, B0, c0, alpha0, alpha_b0, beta0 …; alpha if there is one for the network
	Group   string
	Layer   int // weight layer, or -1
	Shape   []int
	Learned bool // whether the outer loop changes it
	Offset  int  // of its first element in θ
	Size    int

	init func(theta []float64, seed uint64)
}

// Layout is the order of a learner's meta-parameters in θ.
//
//	W{l} [out,in] or [out,in,k,k], b{l} [out]   every layer
//	B{l}, c{l}    by pathway (rules.Pathway.Weights)
//	beta{l} [1]   plastic layers, where activity and feedback are mixed
//	alpha{l}      plastic layers: as W{l}, [out] or [1] by granularity; alpha_b{l} [out]
//	              beside it for plastic biases with a rate per synapse; alpha [1] for one
//	              in the network
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

// Of returns a parameter's segment of θ.
func (p Param) Of(theta []float64) []float64 { return theta[p.Offset : p.Offset+p.Size] }

func (l *Layout) add(p Param) {
	p.Offset, p.Size = l.Total(), size(p.Shape)
	*l = append(*l, p)
}

// Init returns the initial θ.
//
//	W  normal, variance 2/fan-in   (He et al., ICCV 2015, eq. 10)
//	B  normal, variance feedback_scale²/fan-in
//	b, c  0;  α  inner_lr;  β  strength
//
// Each array has a stream of its own, keyed by the seed and the array's name but not by the
// learner's, so that all learners of a run start from the same weights, and the same
// feedback where they have it.
func (l Layout) Init(seed uint64) []float64 {
	theta := make([]float64, l.Total())
	for _, p := range l {
		if p.init != nil {
			p.init(p.Of(theta), seed)
		}
	}
	return theta
}

func normal(name string, std float64) func([]float64, uint64) {
	return func(theta []float64, seed uint64) {
		r := stream.New(seed, "init/"+name, 0, 0)
		for i := range theta {
			theta[i] = std * r.NormFloat64()
		}
	}
}

func constant(v float64) func([]float64, uint64) {
	return func(theta []float64, _ uint64) {
		for i := range theta {
			theta[i] = v
		}
	}
}

// NewLayout lays out the meta-parameters of a learner on a network. Cost: linear in the
// number of layers.
func NewLayout(n Network, l Learner) (Layout, error) {
	m, err := newModel(n, "learner", l)
	if err != nil {
		return nil, err
	}
	return m.layout, nil
}

func (m *model) lay() {
	for l := range m.network.Layers {
		w := m.geometry.weights[l]
		name := fmt.Sprintf("W%d", l)
		m.layout.add(Param{Name: name, Group: Weights, Layer: l, Shape: w,
			Learned: m.learner.Learned.Weights && !(m.learner.RandomPlastic && m.plastic[l]),
			init:    normal(name, math.Sqrt(2/float64(size(w[1:]))))})
		m.layout.add(Param{Name: fmt.Sprintf("b%d", l), Group: Weights, Layer: l, Shape: w[:1], Learned: m.learner.Learned.Weights})
	}
	stack := m.dims()
	for i := range stack {
		l := m.lowest + i
		want := m.pathway.Weights(stack, i, m.learner.Clamped)
		if want.B == nil {
			continue
		}
		name := fmt.Sprintf("B%d", l)
		m.layout.add(Param{Name: name, Group: Feedback, Layer: l, Shape: want.B, Learned: m.learner.Learned.Feedback,
			init: normal(name, m.learner.FeedbackScale/math.Sqrt(float64(want.FanIn)))})
		m.layout.add(Param{Name: fmt.Sprintf("c%d", l), Group: Feedback, Layer: l, Shape: want.C, Learned: m.learner.Learned.Feedback})
	}
	if m.mixes() {
		for l := range m.network.Layers {
			if m.plastic[l] {
				m.layout.add(Param{Name: fmt.Sprintf("beta%d", l), Group: Strength, Layer: l, Shape: []int{1},
					Learned: m.learner.Learned.Strength, init: constant(m.learner.Strength)})
			}
		}
	}
	alpha := func(name string, l int, shape ...int) {
		m.layout.add(Param{Name: name, Group: Plasticity, Layer: l, Shape: shape,
			Learned: m.learner.Learned.Plasticity, init: constant(m.learner.InnerLR)})
	}
	for l := range m.network.Layers {
		if !m.plastic[l] {
			continue
		}
		w := m.geometry.weights[l]
		switch m.learner.Plasticity {
		case PerSynapse:
			alpha(fmt.Sprintf("alpha%d", l), l, w...)
			if m.learner.PlasticBias {
				alpha(fmt.Sprintf("alpha_b%d", l), l, w[0])
			}
		case PerNeuron:
			alpha(fmt.Sprintf("alpha%d", l), l, w[0])
		case PerLayer:
			alpha(fmt.Sprintf("alpha%d", l), l, 1)
		}
	}
	if m.learner.Plasticity == PerNetwork {
		alpha("alpha", -1, 1)
	}
}

// mixes reports whether p = β f + (1−β) h is computed: not without feedback, and not where
// β is fixed at 1, which leaves p = f.
func (m *model) mixes() bool {
	if _, none := m.pathway.(rules.None); none {
		return false
	}
	return m.learner.Learned.Strength || m.learner.Strength != 1
}
