package graph

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/engine"
	"metaplast/graph/op"
)

// Config is what Unroll builds.
type Config struct {
	Network   Network
	Learners  []NamedLearner // one or more, with different names
	Steps     int            // inner steps T, at least 1
	Batch     int            // examples per inner step N, at least 1
	Query     int            // query examples M, at least 1
	Dtype     tensor.Dtype   // tensor.Float32 or tensor.Float64
	Machine   engine.Machine // nil means Planned with Threads and Remat
	Reward    bool           // the task gives a reward for each support example, see Unrolled.BindReward
	Objective Objective      // what the outer loss is a mean of; the zero value is the query set alone
	Truncate  int            // the gradient goes through the last so many inner steps only; 0 and Steps mean all. See Truncated of package metaopt
	Forward   bool           // leave the meta-gradients out
	Compose   bool           // build compositions of primitives instead of fused ops: the slow reference
	Threads   int            // of the planned machine, see engine.Options
	Remat     int            // of the planned machine, see engine.Options
}

// Unrolled is a whole episode of every learner as one graph.
//
// It is built once; then, in any number of rounds: Bind an episode, SetParams for every
// learner, Run, and read Loss, Gradient and FinalWeights. It is not safe for concurrent
// use: workers have one each.
type Unrolled struct {
	cfg      Config
	b        *op.Builder
	vm       G.VM
	x, y     *G.Node // [T·N+M,…], [T·N+M,n_L]
	reward   *G.Node // [T·N], nil if the task gives none
	rewarded given
	learners []*unrolled
}

// unrolled is one learner's part of the graph.
type unrolled struct {
	*wired
	loss  *G.Node
	final fast
	grads []*G.Node // by parameter of the layout; nil where it is fixed or has no path
}

// Unroll builds the graph: all learners on the same two input nodes, each with its
// meta-parameters, T inner steps, one outer loss over the query set with W(T), and the
// gradient of that loss by every meta-parameter that is learned.
//
//	x  [T·N+M,…]    inputs of the support stream, step after step, then of the query
//	y  [T·N+M,n_L]  targets in the same order
//
// Layers below a learner's lowest plastic one are computed once for all rows. Faults of the
// configuration are returned together. Cost: time and memory linear in T; see Model.Estimate.
func Unroll(cfg Config) (*Unrolled, error) {
	m, err := New(cfg)
	if err != nil {
		return nil, err
	}
	return m.Unroll()
}

// Unroll is the function of this name, for a configuration that has been checked.
func (m *Model) Unroll() (*Unrolled, error) {
	u, outputs, err := m.assemble(m.cfg.Steps)
	if err != nil {
		return nil, err
	}
	for _, n := range u.b.Graph().Inputs() {
		allocate(n)
	}
	for _, l := range u.learners {
		l.bindConstants()
	}
	u.vm, err = m.cfg.machine(engine.Options{Threads: m.cfg.Threads, Remat: m.cfg.Remat})(u.b, outputs)
	return u, err
}

// assemble makes the nodes of an episode of so many inner steps.
func (m *Model) assemble(steps int) (*Unrolled, []*G.Node, error) {
	cfg := m.cfg
	cfg.Steps = steps
	u := &Unrolled{cfg: cfg, b: op.New(cfg.Dtype)}
	if cfg.Compose {
		u.b.Compose()
	}
	rows := cfg.Steps*cfg.Batch + cfg.Query
	u.x = u.b.Input("x", append([]int{rows}, cfg.Network.Input...)...)
	u.y = u.b.Input("y", rows, cfg.Network.Outputs())
	if cfg.Reward {
		u.reward = u.b.Input("reward", cfg.Steps*cfg.Batch)
	}
	var outputs []*G.Node
	for _, learner := range m.learners {
		l, err := u.unroll(learner)
		if err != nil {
			return nil, nil, fmt.Errorf("learner %s: %w", learner.name, err)
		}
		u.learners = append(u.learners, l)
		outputs = append(outputs, l.outputs()...)
	}
	return u, outputs, u.b.Err()
}

func (u *Unrolled) unroll(learner *learnerModel) (*unrolled, error) {
	m := learner.wire(u.b, u.cfg.Batch)
	l := &unrolled{wired: m}
	features := m.prefix(u.b, u.x)
	f := m.start()
	m.startState(u.b, &f, m.atConstants(u.b))
	all := stretch{features: features, y: u.y, reward: u.reward, steps: u.cfg.Steps, cut: u.cfg.cut(), query: u.cfg.Query}
	f, answers := m.steps(u.b, f, all, u.cfg.Objective.Stream != 0)
	l.final = f
	l.loss = m.outer(u.b, u.cfg.Objective, m.query(u.b, f, all), m.total(u.b, answers), u.cfg.Steps)
	if err := u.b.Err(); err != nil {
		return nil, err
	}
	l.grads = make([]*G.Node, len(m.layout))
	if u.cfg.Forward {
		return l, nil
	}
	var wrt []*G.Node
	var which []int
	for i, p := range m.layout {
		if p.Learned {
			wrt, which = append(wrt, m.param(p.Role, p.Layer)), append(which, i)
		}
	}
	grads, err := engine.Grad(u.b, l.loss, wrt...)
	if err != nil {
		return nil, err
	}
	for j, i := range which {
		if grads[j] != nil && !sameShape(grads[j].Shape(), m.layout[i].Shape) {
			return nil, fmt.Errorf("gradient of %s has shape %v: want %v", m.layout[i].Name, grads[j].Shape(), m.layout[i].Shape)
		}
		l.grads[i] = grads[j]
	}
	return l, nil
}

func (l *unrolled) outputs() []*G.Node {
	var out []*G.Node
	for _, n := range l.named() {
		out = append(out, n.Node)
	}
	return out
}

// Nodes is the number of nodes of the graph.
func (u *Unrolled) Nodes() int { return len(u.b.Graph().AllNodes()) }

// Graph is the episode's graph.
func (u *Unrolled) Graph() *G.ExprGraph { return u.b.Graph() }

// Learners is the number of learners.
func (u *Unrolled) Learners() int { return len(u.learners) }

// Layout is the order of learner i's meta-parameters in θ.
func (u *Unrolled) Layout(i int) Layout { return u.learners[i].layout }

// Bind copies an episode into the graph, rounding it to its type. It returns a DataError if an array
// has another number of elements or a value is NaN or Inf, and has then changed nothing.
//
//	supportX [T,N,…], supportY [T,N,n_L], queryX [M,…], queryY [M,n_L]   row by row
func (u *Unrolled) Bind(supportX, supportY, queryX, queryY []float64) error {
	if err := u.cfg.checkEpisode(supportX, supportY, queryX, queryY); err != nil {
		return err
	}
	in, out := u.cfg.Network.Input, u.cfg.Network.Outputs()
	u.rewarded.outdated()
	n := u.cfg.Steps * u.cfg.Batch
	set(u.x, 0, supportX)
	set(u.x, n*size(in), queryX)
	set(u.y, 0, supportY)
	set(u.y, n*out, queryY)
	return nil
}

// checkEpisode is what Bind says of an episode.
func (cfg Config) checkEpisode(supportX, supportY, queryX, queryY []float64) error {
	in, out := cfg.Network.Input, cfg.Network.Outputs()
	for _, a := range []struct {
		name string
		have []float64
		want []int
	}{
		{"x_support", supportX, append([]int{cfg.Steps, cfg.Batch}, in...)},
		{"y_support", supportY, []int{cfg.Steps, cfg.Batch, out}},
		{"x_query", queryX, append([]int{cfg.Query}, in...)},
		{"y_query", queryY, []int{cfg.Query, out}},
	} {
		if err := checkData(a.name, a.have, a.want); err != nil {
			return err
		}
	}
	return nil
}

// SetParams copies the meta-parameters of learner i into the graph, rounding them to its
// type. θ must have the length of the layout and be finite.
func (u *Unrolled) SetParams(i int, theta []float64) error { return u.learners[i].setParams(theta) }

func (m *wired) setParams(theta []float64) error {
	if len(theta) != m.layout.Total() {
		return &DataError{Array: m.name, Have: []int{len(theta)}, Want: []int{m.layout.Total()}}
	}
	for _, p := range m.layout {
		if err := finite(m.name+"/"+p.Name, p.Of(theta)); err != nil {
			return err
		}
	}
	for _, p := range m.layout {
		set(m.param(p.Role, p.Layer), 0, p.Of(theta))
	}
	return nil
}

// BindReward copies what the task gives for each support example into the graph, of a configuration with
// Reward; of another one it does nothing. Every episode wants its own before Run.
//
//	reward [T,N]
func (u *Unrolled) BindReward(reward []float64) error {
	if u.reward == nil {
		return nil
	}
	if err := checkData("reward", reward, []int{u.cfg.Steps, u.cfg.Batch}); err != nil {
		return err
	}
	set(u.reward, 0, reward)
	u.rewarded.renewed()
	return nil
}

// Run computes losses, final weights and meta-gradients of the bound episode. It returns ErrNoReward where
// the task gives a reward and that of the episode has not been bound.
func (u *Unrolled) Run() error {
	if u.reward != nil && !u.rewarded.used() {
		return ErrNoReward
	}
	return u.vm.RunAll()
}

// Loss is the outer loss of learner i: what its meta-gradient is the derivative of, see Objective.
func (u *Unrolled) Loss(i int) float64 { return at(u.learners[i].loss, 0) }

// Gradient writes ∂loss/∂θ of learner i into dst, of the length of θ: zeros for what is
// fixed or has no path to the loss. It reports whether loss and gradient are finite.
func (u *Unrolled) Gradient(i int, dst []float64) (ok bool) {
	l := u.learners[i]
	loss := u.Loss(i)
	ok = !math.IsNaN(loss) && !math.IsInf(loss, 0)
	for j, p := range l.layout {
		seg := p.Of(dst)
		if l.grads[j] == nil {
			clear(seg)
			continue
		}
		get(l.grads[j], seg)
		ok = ok && finite(p.Name, seg) == nil
	}
	return ok
}

// FinalWeights returns the fast weights of learner i after T steps: final_W{l}, and
// final_b{l} with plastic biases, for every plastic layer.
func (u *Unrolled) FinalWeights(i int) []Array {
	return u.learners[i].fastArrays(u.learners[i].final)
}

// FinalState returns the variables of learner i's rules after T steps: final_state.NAME.{l}, and
// final_state_b.NAME.{l} with plastic biases.
func (u *Unrolled) FinalState(i int) []Array {
	return arrays(u.learners[i].stateOf(u.learners[i].final))
}

// Diagnose runs the bound episode again and returns where NaN or Inf first appears for
// learner i, in the order of computation: forward through the inner steps, then backward.
// It returns nil if nothing of that learner is NaN or Inf.
func (u *Unrolled) Diagnose(i int) (*Divergence, error) {
	var first *Divergence
	u.b.Watch(func(f op.Fault) {
		if f.At.Learner == u.learners[i].name && (first == nil || f.Made < first.Made) {
			first = &Divergence{f}
		}
	})
	defer u.b.Watch(nil)
	err := u.Run()
	return first, err
}

// Close frees what the machine holds.
func (u *Unrolled) Close() error { return u.vm.Close() }
