package graph

import (
	"errors"
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/engine"
	"metaplast/graph/op"
)

// Long is an episode of every learner in segments of K inner steps, for lifetimes whose graph would not
// fit into memory. It has the methods of Unrolled, and its results have the bits of Unrolled's.
//
// A segment's graph is built once and run for one segment after the other: forward to the end, where only
// what a step hands to the next is kept of each segment's beginning, and then back, each segment once more
// from its beginning with its reverse pass, which begins with what the segment after it has left: what the
// carried arrays and the meta-gradients have received so far. There are three such graphs, since the first
// segment begins with the meta-parameters and the last one ends with the query, and another where more
// than the query reads reaches the loss only over several steps.
//
//	memory   (T/K)·C + K·S + T·R      least for K = √(T C/S), and then it grows as √T but for the last term
//	time     2 forward passes and 1 reverse pass, whatever T and K are
//
//	C  the carried arrays: fast weights and the rules' variables
//	S  what an inner step remembers for its reverse pass
//	R  the examples of an inner step, and with frozen layers below all that is plastic their features and
//	   activities: these layers are computed for all of the episode at once, as Unrolled does
//
// Building and planning take time linear in K. It is not safe for concurrent use: workers have one each.
//
// Where a rule reads the initial weights and also hands them on as they are, or hands one array on in two
// variables, sums that Unrolled makes in one order are made in another, and the last bits may differ.
type Long struct {
	cfg      Config
	model    *Model
	learners []*longLearner
	x, y     span // [T·N+M,…]
	reward   span // [T·N]
	rewarded given
	below    *prefix // nil if all learners' lowest layers are plastic
	segments []turn
	shares   map[string]bool    // names of inputs that all graphs share: the meta-parameters
	params   map[string]G.Value // their arrays
	first    *segment           // whose inputs SetParams writes to
	builders []*op.Builder
	programs []G.VM
	room     *engine.Room
	nodes    int
	step     int // first inner step of the segment that runs
	phase    int // number of the program that runs
}

// longLearner is what there is of a learner between two programs.
type longLearner struct {
	*learnerModel
	width    []int    // of an example's features, nil where no layer is below
	stacks   []string // see wired.stacks
	features span     // [T·N+M,width…]
	below    span     // what they have received, empty if nothing asks for it
	starts   [][]span // carried arrays at the beginning of each segment; nil of the first
	received []span   // by carried array
	sums     []span   // by collector
	final    []finalArray
	weights  int // of the final arrays, how many are weights
	loss     span
	grads    []span // by parameter of the layout; empty where there is none
}

// finalArray is what there is of a carried array after the last step.
type finalArray struct {
	slot
	shape []int
	span
}

// turn is a segment's place in the episode.
type turn struct {
	from    int // first inner step
	forward *half
	back    *half // nil where the reverse pass has nothing to do
}

// half is a program of a segment with its arrays: the steps alone, or also the reverse pass.
type half struct {
	*segment
	vm           G.VM
	x, y, reward span
	parts        []halfPart
}

// halfPart is one learner's arrays. Entries are empty where there is no array.
type halfPart struct {
	features, below, loss  span
	begin, received, soFar []span
	end, back, totals      []span
}

// Long builds the graphs of an episode in segments of so many inner steps. Faults of the configuration are
// returned together; the planned machine is the only one.
func (m *Model) Long(segment int) (*Long, error) {
	if segment < 1 {
		return nil, fmt.Errorf("segments of %d inner steps: want at least 1", segment)
	}
	if m.cfg.Machine != nil {
		return nil, errors.New("an episode in segments runs on the planned machine: want no other one")
	}
	l := &Long{cfg: m.cfg, model: m, params: map[string]G.Value{}, shares: map[string]bool{}}
	for _, learner := range m.learners {
		for _, p := range learner.layout {
			l.shares[learner.name+"/"+p.Name] = true
		}
		l.learners = append(l.learners, &longLearner{learnerModel: learner})
	}
	if err := l.build(min(segment, m.cfg.Steps)); err != nil {
		return nil, err
	}
	return l, nil
}

// Learners is the number of learners.
func (l *Long) Learners() int { return len(l.learners) }

// Layout is the order of learner i's meta-parameters in θ.
func (l *Long) Layout(i int) Layout { return l.learners[i].layout }

// Nodes is the number of nodes of all graphs together.
func (l *Long) Nodes() int { return l.nodes }

// Bytes is the size of the slab that all programs share.
func (l *Long) Bytes() int { return l.room.Bytes() }

// Bind copies an episode, as Unrolled.Bind does.
func (l *Long) Bind(supportX, supportY, queryX, queryY []float64) error {
	if err := l.cfg.checkEpisode(supportX, supportY, queryX, queryY); err != nil {
		return err
	}
	l.rewarded.outdated()
	l.x.set(0, supportX)
	l.x.set(len(supportX), queryX)
	l.y.set(0, supportY)
	l.y.set(len(supportY), queryY)
	return nil
}

// BindReward copies what the task gives for each support example, as Unrolled.BindReward does.
func (l *Long) BindReward(reward []float64) error {
	if !l.cfg.Reward {
		return nil
	}
	if err := checkData("reward", reward, []int{l.cfg.Steps, l.cfg.Batch}); err != nil {
		return err
	}
	l.reward.set(0, reward)
	l.rewarded.renewed()
	return nil
}

// SetParams copies the meta-parameters of learner i, as Unrolled.SetParams does.
func (l *Long) SetParams(i int, theta []float64) error { return l.first.parts[i].setParams(theta) }

// Run computes losses, final weights and meta-gradients of the bound episode, as Unrolled.Run does.
func (l *Long) Run() error {
	if l.cfg.Reward && !l.rewarded.used() {
		return ErrNoReward
	}
	l.phase = 0
	if l.below != nil {
		if err := l.run(l.below.forward, 0); err != nil {
			return err
		}
		for i, m := range l.learners {
			m.features.take(l.below.features[i])
		}
	}
	last := len(l.segments) - 1
	for j := range l.segments[:last] {
		t := &l.segments[j]
		l.give(j, t.forward)
		if err := l.run(t.forward.vm, t.from); err != nil {
			return err
		}
		for i, m := range l.learners {
			takeAll(m.starts[j+1], t.forward.parts[i].end)
		}
	}
	l.clear()
	for j := last; j >= 0; j-- {
		t := &l.segments[j]
		if t.back == nil {
			continue
		}
		l.give(j, t.back)
		if err := l.run(t.back.vm, t.from); err != nil {
			return err
		}
		l.keep(j, t.back)
	}
	if l.below == nil || l.below.backward == nil {
		return nil
	}
	for i, m := range l.learners {
		l.below.received[i].take(m.below)
	}
	if err := l.run(l.below.backward, 0); err != nil {
		return err
	}
	for i, m := range l.learners {
		takeAll(m.grads, l.below.grads[i])
	}
	return nil
}

func (l *Long) run(vm G.VM, step int) error {
	l.step = step
	l.phase++
	return vm.RunAll()
}

// clear forgets what a reverse pass has left.
func (l *Long) clear() {
	for _, m := range l.learners {
		m.below.clear()
	}
}

// give copies what a segment begins with to its inputs.
func (l *Long) give(j int, h *half) {
	cfg := l.cfg
	from, rows := l.segments[j].from*cfg.Batch, h.rows(cfg)
	rowsOf(h.x, l.x, from, rows, cfg.Steps*cfg.Batch+cfg.Query)
	rowsOf(h.y, l.y, from, rows, cfg.Steps*cfg.Batch+cfg.Query)
	rowsOf(h.reward, l.reward, from, h.steps*cfg.Batch, cfg.Steps*cfg.Batch)
	for i, m := range l.learners {
		p := &h.parts[i]
		rowsOf(p.features, m.features, from, rows, cfg.Steps*cfg.Batch+cfg.Query)
		takeAll(p.begin, m.starts[j])
		takeAll(p.received, m.received)
		takeAll(p.soFar, m.sums)
	}
}

// keep copies what a reverse pass has made.
func (l *Long) keep(j int, h *half) {
	for i, m := range l.learners {
		p := &h.parts[i]
		if h.last {
			m.loss.take(p.loss)
			for k := range m.final {
				m.final[k].take(p.end[k])
			}
		}
		takeAll(m.received, p.back)
		if h.first {
			takeAll(m.grads, p.totals)
		} else {
			takeAll(m.sums, p.totals)
		}
		if p.below.size() > 0 {
			from := l.segments[j].from * l.cfg.Batch
			all := l.cfg.Steps*l.cfg.Batch + l.cfg.Query
			row := m.below.size() / all
			m.below.part(from*row, h.rows(l.cfg)*row).take(p.below)
		}
	}
}

// rowsOf copies rows from one on out of an array of so many rows, to where there is an array for them.
func rowsOf(dst, src span, from, rows, all int) {
	if dst.size() > 0 {
		row := src.size() / all
		dst.take(src.part(from*row, rows*row))
	}
}

// takeAll copies arrays. Those that are empty on either side are left out.
func takeAll(dst, src []span) {
	for i := range min(len(dst), len(src)) {
		dst[i].take(src[i])
	}
}

// Loss is the outer loss of learner i, as Unrolled.Loss is.
func (l *Long) Loss(i int) float64 { return l.learners[i].loss.first() }

// Gradient writes ∂loss/∂θ of learner i into dst, as Unrolled.Gradient does.
func (l *Long) Gradient(i int, dst []float64) (ok bool) {
	m := l.learners[i]
	loss := l.Loss(i)
	ok = !math.IsNaN(loss) && !math.IsInf(loss, 0)
	for j, p := range m.layout {
		seg := p.Of(dst)
		if m.grads[j].size() == 0 {
			clear(seg)
			continue
		}
		m.grads[j].get(seg)
		ok = ok && finite(p.Name, seg) == nil
	}
	return ok
}

// FinalWeights returns the fast weights of learner i after T steps, as Unrolled.FinalWeights does.
func (l *Long) FinalWeights(i int) []Array {
	m := l.learners[i]
	return finals(m.final[:m.weights])
}

// FinalState returns the variables of learner i's rules after T steps, as Unrolled.FinalState does.
func (l *Long) FinalState(i int) []Array {
	m := l.learners[i]
	return finals(m.final[m.weights:])
}

func finals(of []finalArray) (list []Array) {
	for _, f := range of {
		a := Array{Name: finalPrefix + f.role.Name(f.layer), Shape: f.shape, Data: make([]float64, f.size())}
		f.get(a.Data)
		list = append(list, a)
	}
	return list
}

// Diagnose runs the bound episode again and returns where NaN or Inf first appears for learner i, as
// Unrolled.Diagnose does.
func (l *Long) Diagnose(i int) (*Divergence, error) {
	var first *Divergence
	phase := 0
	watch := func(f op.Fault) {
		if f.At.Learner != l.learners[i].name || first != nil && (phase < l.phase || f.Made > first.Made) {
			return
		}
		if f.At.Step >= 0 {
			f.At.Step += l.step
		}
		first, phase = &Divergence{f}, l.phase
	}
	for _, b := range l.builders {
		b.Watch(watch)
		defer b.Watch(nil)
	}
	err := l.Run()
	return first, err
}

// Close frees what the machines hold.
func (l *Long) Close() error {
	var errs []error
	for _, p := range l.programs {
		errs = append(errs, p.Close())
	}
	return errors.Join(errs...)
}

// rows is an array of the type of the graphs for every example of the episode.
func (l *Long) rows(width []int) span {
	return newSpan(l.cfg.Dtype, (l.cfg.Steps*l.cfg.Batch+l.cfg.Query)*size(width))
}
