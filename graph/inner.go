package graph

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/engine"
	"metaplast/graph/op"
	"metaplast/rules"
)

// Inner is the inner loop alone, one step at a time, from the same code as Unroll: for
// meta-tests of any length, in memory that does not depend on it.
//
// Rounds: SetParams for every learner, Start, then Step and Query in any order and number.
// The planned machine writes fast weights where the step has read them: nothing is copied, and
// memory is that of one step. It is not safe for concurrent use.
//
// Results have the bits of Unroll's where a learner's lowest layer is plastic: both do the same
// products. Frozen layers below are computed here for N or M examples at a time, by Unroll for
// all T·N+M of the episode at once, and which kernel does a product, hence the order of its
// sums, depends on the number of rows. With such layers, results may differ within rounding of
// their activities. They do not where all products are gonum's: in float64, or without kernels
// of package op's own (op.KernelsVariable).
type Inner struct {
	cfg       Config
	b         *op.Builder
	stepper   G.VM
	querier   G.VM
	x, y      *G.Node // one inner step: [N,…], [N,n_L]
	reward    *G.Node // [N], nil if the task gives none
	rewarded  given
	qx, qy    *G.Node // one query: [M,…], [M,n_L]
	learners  []*inner
	stepsDone int
}

// inner is one learner's part: fast weights as inputs, the next ones as outputs.
type inner struct {
	*wired
	now, next   fast
	queried     []*G.Node // activities h_1 … h_L in a query; the last are predictions
	loss        *G.Node
	plasticFast []link // weights
	links       []link // all that a step writes: weights and the rules' variables
}

// link is an array that a step writes and the next one reads. It starts as another array, or at a number.
// held is where it waits if it is the former value of another one, else nil.
type link struct {
	slot
	next, now, start *G.Node
	number           float64 // where start is nil
	held             tensor.Tensor
}

// NewInner builds the graph of one inner step and one query for every learner. Of the
// configuration, Steps and Forward are not used. Cost: independent of the stream's length.
func NewInner(cfg Config) (*Inner, error) {
	s, err := assembleInner(cfg)
	if err != nil {
		return nil, err
	}
	var outputs []*G.Node
	for _, l := range s.learners {
		outputs = append(outputs, l.loss, l.yhat())
	}
	return s, s.machines(outputs)
}

// assembleInner makes the nodes.
func assembleInner(cfg Config) (*Inner, error) {
	cfg.Steps = 1
	m, err := New(cfg)
	if err != nil {
		return nil, err
	}
	s := &Inner{cfg: cfg, b: op.New(cfg.Dtype)}
	in, out := cfg.Network.Input, cfg.Network.Outputs()
	s.x, s.y = s.b.Input("x", append([]int{cfg.Batch}, in...)...), s.b.Input("y", cfg.Batch, out)
	s.qx, s.qy = s.b.Input("x_query", append([]int{cfg.Query}, in...)...), s.b.Input("y_query", cfg.Query, out)
	if cfg.Reward {
		s.reward = s.b.Input("reward", cfg.Batch)
	}
	for _, learner := range m.learners {
		l, err := s.build(learner)
		if err != nil {
			return nil, fmt.Errorf("learner %s: %w", learner.name, err)
		}
		s.learners = append(s.learners, l)
	}
	return s, nil
}

// machines gives inputs their arrays and makes the machines of a step and of a query, which
// computes outputs.
func (s *Inner) machines(outputs []*G.Node) error {
	for _, n := range s.b.Graph().Inputs() {
		allocate(n)
	}
	var next []*G.Node
	var carries []engine.Carry
	for _, l := range s.learners {
		for _, k := range l.links {
			if k.next == k.now {
				continue // a rule has left it alone
			}
			next, carries = append(next, k.next), append(carries, engine.Carry{Output: k.next, Input: k.now})
		}
	}
	var err error
	if s.stepper, err = s.cfg.machine(engine.Options{Threads: s.cfg.Threads, Carries: carries})(s.b, next); err != nil {
		return err
	}
	s.querier, err = s.cfg.machine(engine.Options{Threads: s.cfg.Threads})(s.b, outputs)
	return err
}

func (s *Inner) build(learner *learnerModel) (*inner, error) {
	m := learner.wire(s.b, s.cfg.Batch)
	l := &inner{wired: m, now: m.carried(s.b)}
	l.next, _ = m.step(s.b, l.now, moment{h: m.prefix(s.b, s.x), y: s.y, reward: s.reward})
	below := m.below(s.b, s.qx)
	hs := m.predict(s.b, l.now, m.features(s.b, below[m.lowest]), op.Query)
	l.queried = append(below[1:], hs[m.lowest+1:]...)
	s.b.At(op.Label{Learner: m.name, Step: op.Query, Layer: -1, Array: "loss"})
	l.loss = rules.Loss(s.b, m.network.Loss, l.yhat(), s.qy)
	next := m.fastWeights(l.next)
	for i, now := range m.fastWeights(l.now) {
		l.plasticFast = append(l.plasticFast, link{slot: now.slot, next: next[i].node, now: now.node, start: m.param(now.role, now.layer)})
	}
	l.links = slices.Clone(l.plasticFast)
	after := m.stateOf(l.next)
	for i, now := range m.stateOf(l.now) {
		l.links = append(l.links, link{slot: now.slot, next: after[i].node, now: now.node, start: m.param(now.role, now.layer), number: now.number})
	}
	if s.b.Err() == nil {
		l.hold()
	}
	return l, s.b.Err()
}

// hold finds what a step only moves: a variable that becomes another one's value or the weights of before,
// whose array the step writes over. Such values wait in an array of their own.
func (l *inner) hold() {
	now := map[*G.Node]bool{}
	for _, k := range l.links {
		now[k.now] = true
	}
	for i, k := range l.links {
		if from := viewed(k.next); now[from] && from != k.now {
			l.links[i].held = op.NewTensor(k.now.Dtype(), k.now.Shape())
		}
	}
}

// viewed is the node whose array a node shows, itself unless it is a view such as Reshape makes.
func viewed(n *G.Node) *G.Node {
	for {
		k, ours := n.Op().(*op.Kernel)
		if !ours {
			return n
		}
		if _, view := k.View(); !view {
			return n
		}
		n = op.Children(n)[0]
	}
}

// yhat are the predictions [M,n_L] of a query.
func (l *inner) yhat() *G.Node { return l.queried[len(l.queried)-1] }

// SetParams copies the meta-parameters of learner i, as Unrolled.SetParams does. It takes
// effect with the next Start.
func (s *Inner) SetParams(i int, theta []float64) error { return s.learners[i].setParams(theta) }

// Start begins an episode: the fast weights of every learner become its initial ones.
func (s *Inner) Start() {
	for _, l := range s.learners {
		for _, k := range l.links {
			if k.start == nil {
				fill(k.now, k.number)
				continue
			}
			copyValue(k.now, k.start)
		}
	}
	s.stepsDone = 0
}

// Step is one inner step of every learner on N examples: x holds N inputs one after the
// other, y N targets. It returns ErrNoReward where the task gives a reward and that of these examples has
// not been bound by BindReward.
func (s *Inner) Step(x, y []float64) error {
	s.rewarded.outdated()
	if s.reward != nil && !s.rewarded.used() {
		return ErrNoReward
	}
	if err := s.bind(s.x, "x", x); err != nil {
		return err
	}
	if err := s.bind(s.y, "y", y); err != nil {
		return err
	}
	if err := s.stepper.RunAll(); err != nil {
		return fmt.Errorf("inner step %d: %w", s.stepsDone, err)
	}
	for _, l := range s.learners {
		for _, k := range l.links {
			if k.held != nil {
				copyTensor(k.held, k.next.Value().(tensor.Tensor))
			}
		}
		for _, k := range l.links {
			if k.held == nil {
				copyValue(k.now, k.next)
			}
		}
		for _, k := range l.links {
			if k.held != nil {
				copyTensor(k.now.Value().(tensor.Tensor), k.held)
			}
		}
	}
	s.stepsDone++
	return nil
}

// BindReward sets what the task gives for the N examples of the next Step, of a configuration with Reward;
// of another one it does nothing.
func (s *Inner) BindReward(reward []float64) error {
	if s.reward == nil {
		return nil
	}
	if err := s.bind(s.reward, "reward", reward); err != nil {
		return err
	}
	s.rewarded.renewed()
	return nil
}

// Query computes predictions and losses of every learner with its weights of now, for M
// inputs and targets.
func (s *Inner) Query(x, y []float64) error {
	if err := s.bind(s.qx, "x_query", x); err != nil {
		return err
	}
	if err := s.bind(s.qy, "y_query", y); err != nil {
		return err
	}
	return s.querier.RunAll()
}

// Loss is learner i's loss in the last Query.
func (s *Inner) Loss(i int) float64 { return at(s.learners[i].loss, 0) }

// Predictions are learner i's outputs [M,n_L] in the last Query: logits under
// cross_entropy.
func (s *Inner) Predictions(i int) Array { return arrayOf("yhat", s.learners[i].yhat()) }

// FastWeights returns learner i's plastic weights of now, as Unrolled.FinalWeights does
// after the last step.
func (s *Inner) FastWeights(i int) []Array {
	return s.learners[i].fastArrays(s.learners[i].now)
}

// FastState returns the variables of learner i's rules as they are now, as Unrolled.FinalState does after
// the last step.
func (s *Inner) FastState(i int) []Array {
	return arrays(s.learners[i].stateOf(s.learners[i].now))
}

// Close frees what the machines hold.
func (s *Inner) Close() error {
	if err := s.stepper.Close(); err != nil {
		return err
	}
	return s.querier.Close()
}

func (s *Inner) bind(n *G.Node, name string, data []float64) error {
	if err := checkData(name, data, n.Shape()); err != nil {
		return err
	}
	set(n, 0, data)
	return nil
}

// copyValue copies the value of src into the array of the input node dst, unless it was
// written there.
func copyValue(dst, src *G.Node) {
	if dst.Value().(tensor.Tensor).Uintptr() == src.Value().(tensor.Tensor).Uintptr() {
		return
	}
	copyTensor(dst.Value().(tensor.Tensor), src.Value().(tensor.Tensor))
}

// copyTensor copies between arrays whose shapes and types are equal by construction.
func copyTensor(dst, src tensor.Tensor) { _ = tensor.Copy(dst, src) }
