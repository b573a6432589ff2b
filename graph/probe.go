package graph

import (
	"errors"
	"fmt"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/engine"
	"metaplast/graph/op"
	"metaplast/rules"
)

// Probe is an inner loop that can be looked into, and moved to any weights: at the fast
// weights W of now it gives the loss on N examples with its gradient, and what one inner step
// on these examples would make of the weights.
//
//	L(W)    mean loss of N examples     Measure, then StepLoss
//	∇L(W)   by every fast weight        Measure, then FastGradient
//	ΔW      W(t+1) − W(t)               Step or Propose, then Update
//	s       variables of the rules      State; after a Step or Propose, NextState
//	h       activities of M examples    Query, then Activities
//
// Fast weights are one vector per learner, laid out by Fast. The nodes are those of the
// episode: the same forward path, the same step; the gradient is one pass of engine.Grad over the
// loss. Learners that never compute a gradient have one here all the same. Numbers are as near
// to those of an unrolled episode as Inner's: the same bits, or within rounding of frozen layers.
//
// Rounds: SetParams for every learner, Start, then any of the others in any order. The methods
// of Inner mean what they mean there. It is not safe for concurrent use.
type Probe struct {
	*Inner
	prober G.VM
	probes []*probe
}

// probe is one learner's part.
type probe struct {
	layout Layout
	loss   *G.Node
	grads  []*G.Node // by parameter of the layout
	before []float64 // fast weights before the last step
	update []float64

	memory       Layout    // of the rules' variables
	state, after []float64 // before the last step, and after it
}

// NewProbe builds the graph of one inner step, one query, and the gradient of a step's loss. Of
// the configuration, Steps and Forward are not used. Cost: about that of a step for every
// Measure, with a reverse pass through the forward path; memory is that of a few steps.
func NewProbe(cfg Config) (*Probe, error) {
	s, err := assembleInner(cfg)
	if err != nil {
		return nil, err
	}
	p := &Probe{Inner: s}
	var measured, queried []*G.Node
	for _, l := range s.learners {
		pr, err := p.probe(l)
		if err != nil {
			return nil, fmt.Errorf("learner %s: %w", l.name, err)
		}
		p.probes = append(p.probes, pr)
		measured = append(measured, pr.loss)
		for _, g := range pr.grads {
			if g != nil {
				measured = append(measured, g)
			}
		}
		queried = append(append(queried, l.loss), l.queried...)
	}
	if err := s.machines(queried); err != nil {
		return nil, err
	}
	p.prober, err = cfg.machine(engine.Options{Threads: cfg.Threads})(s.b, measured)
	return p, err
}

func (p *Probe) probe(l *inner) (*probe, error) {
	pr := &probe{}
	for _, k := range l.plasticFast {
		q, _ := l.layout.At(k.role, k.layer)
		pr.layout.add(Param{Role: q.Role, Layer: q.Layer, Shape: q.Shape, Learned: q.Learned})
	}
	pr.before, pr.update = make([]float64, pr.layout.Total()), make([]float64, pr.layout.Total())
	pr.memory = l.memory()
	pr.state, pr.after = make([]float64, pr.memory.Total()), make([]float64, pr.memory.Total())
	hs := l.predict(p.b, l.now, l.prefix(p.b, p.x), 0)
	p.b.At(op.Label{Learner: l.name, Layer: -1, Array: "loss"})
	pr.loss = rules.Loss(p.b, l.network.Loss, hs[len(hs)-1], p.y)
	var fast []*G.Node
	for _, k := range l.plasticFast {
		fast = append(fast, k.now)
	}
	var err error
	pr.grads, err = engine.Grad(p.b, pr.loss, fast...)
	return pr, err
}

// Learners is the number of learners.
func (p *Probe) Learners() int { return len(p.probes) }

// Fast is the order of learner i's fast weights: W{l}, and b{l} with plastic biases, for every
// plastic layer, bottom first. The group is that of the meta-parameters W(0) and b.
func (p *Probe) Fast(i int) Layout { return p.probes[i].layout }

// Weights writes learner i's fast weights of now into dst.
func (p *Probe) Weights(i int, dst []float64) {
	for j, k := range p.learners[i].plasticFast {
		get(k.now, p.probes[i].layout[j].Of(dst))
	}
}

// SetWeights moves learner i to other fast weights, rounding them to the type of the graph. It
// returns a DataError, and changes nothing, if their number is wrong or one is not finite.
func (p *Probe) SetWeights(i int, w []float64) error {
	layout := p.probes[i].layout
	if len(w) != layout.Total() {
		return &DataError{Array: p.learners[i].name, Have: []int{len(w)}, Want: []int{layout.Total()}}
	}
	if err := finite(p.learners[i].name+": fast weights", w); err != nil {
		return err
	}
	p.put(i, w)
	return nil
}

// put copies fast weights, which may be NaN.
func (p *Probe) put(i int, w []float64) {
	for j, k := range p.learners[i].plasticFast {
		set(k.now, 0, p.probes[i].layout[j].Of(w))
	}
}

// Measure computes the loss on N examples and its gradient for every learner, at its fast
// weights of now, which stay as they are.
func (p *Probe) Measure(x, y []float64) error {
	if err := p.bind(p.x, "x", x); err != nil {
		return err
	}
	if err := p.bind(p.y, "y", y); err != nil {
		return err
	}
	return p.prober.RunAll()
}

// StepLoss is learner i's mean loss over the examples of the last Measure.
func (p *Probe) StepLoss(i int) float64 { return at(p.probes[i].loss, 0) }

// FastGradient writes ∇L by learner i's fast weights, from the last Measure, into dst.
func (p *Probe) FastGradient(i int, dst []float64) {
	pr := p.probes[i]
	for j, g := range pr.grads {
		if g == nil { // no path to the loss
			clear(pr.layout[j].Of(dst))
			continue
		}
		get(g, pr.layout[j].Of(dst))
	}
}

// Step is Inner.Step, which also keeps ΔW.
func (p *Probe) Step(x, y []float64) error {
	for i, pr := range p.probes {
		p.Weights(i, pr.before)
		p.State(i, pr.state)
	}
	if err := p.Inner.Step(x, y); err != nil {
		return err
	}
	for i, pr := range p.probes {
		p.Weights(i, pr.update)
		p.State(i, pr.after)
		for j, w := range pr.before {
			pr.update[j] -= w
		}
	}
	return nil
}

// Propose is Step without its effect: only ΔW and the next state are kept, and the fast weights and
// variables are those of before.
func (p *Probe) Propose(x, y []float64) error {
	if err := p.Step(x, y); err != nil {
		return err
	}
	p.stepsDone--
	for i, pr := range p.probes {
		p.put(i, pr.before)
		p.putState(i, pr.state)
	}
	return nil
}

// Update writes ΔW of learner i in the last Step or Propose into dst: the difference of two
// arrays of the graph's type.
func (p *Probe) Update(i int, dst []float64) { copy(dst, p.probes[i].update) }

// Activities are those of learner i in the last Query: h1 [M,n_1] or [M,C,H,W], …, hL, frozen
// layers included. hL are the predictions.
func (p *Probe) Activities(i int) []Array {
	var a []Array
	for l, h := range p.learners[i].queried {
		a = append(a, arrayOf(fmt.Sprintf("h%d", l+1), h))
	}
	return a
}

// Close frees what the machines hold.
func (p *Probe) Close() error { return errors.Join(p.Inner.Close(), p.prober.Close()) }
