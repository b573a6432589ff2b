package graph

import (
	"fmt"
	"slices"
	"strings"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// segment is the graph of some inner steps of every learner, without what comes before and after: the
// fast weights that they begin with are inputs, and so is what is known of the outer gradient when the
// reverse pass comes to their end.
type segment struct {
	place
	b      *op.Builder
	x, y   *G.Node // [rows,…]; x is nil where no learner reads it
	reward *G.Node // nil if the task gives none
	parts  []*part // by learner
}

// place says which part of an episode a segment is.
type place struct {
	first, last bool
	steps       int
	cut         int // step of the segment, see stretch
}

// rows are the examples of a segment.
func (p place) rows(cfg Config) int {
	n := p.steps * cfg.Batch
	if p.last {
		n += cfg.Query
	}
	return n
}

// known says what a learner has received when the reverse pass comes to a place: for what is carried
// through it, and for the sums of meta-gradients. What has received nothing has no node.
type known struct{ carried, sums []bool }

// something reports whether a way leads from what is carried to the loss.
func (k known) something() bool { return slices.Contains(k.carried, true) }

// part is one learner in a segment.
type part struct {
	*wired
	features   *G.Node   // input [rows,…], nil where features are made of x
	begin, end []*G.Node // what is carried, before and after; begin is nil in the first segment
	fast       fast      // after the last step
	loss       *G.Node   // of the last segment
	sums       []sum     // of meta-gradients
	received   []*G.Node // inputs by carried array: what its end has received, nil for nothing
	soFar      []*G.Node // inputs by sum: what it has received in later segments
	back       []*G.Node // by carried array: what its beginning receives
	totals     []*G.Node // by sum; in the first segment by parameter of the layout
	below      *G.Node   // what the features receive
	slots      []slot    // of carried arrays, but for the sum of losses
}

// sum is a node that collects contributions from all inner steps. The contributions go on from there to
// the meta-parameters when the reverse pass has come to the first step, and so only in the first segment.
type sum struct {
	name string
	node *G.Node
}

// assemble makes the nodes of a segment. after is what each learner has received at its end, nil of the
// last one; before is the same at its beginning. The reverse pass is made if it is asked for.
func (l *Long) assemble(p place, after []known, reverse bool) (s *segment, before []known, err error) {
	cfg := l.cfg
	s = &segment{place: p, b: op.New(cfg.Dtype)}
	if cfg.Compose {
		s.b.Compose()
	}
	rows := p.rows(cfg)
	if slices.ContainsFunc(l.model.learners, func(m *learnerModel) bool { return m.lowest == 0 }) {
		s.x = s.b.Input("x", append([]int{rows}, cfg.Network.Input...)...)
	}
	s.y = s.b.Input("y", rows, cfg.Network.Outputs())
	if cfg.Reward {
		s.reward = s.b.Input("reward", p.steps*cfg.Batch)
	}
	for i, learner := range l.model.learners {
		m := learner.wire(s.b, cfg.Batch)
		q := &part{wired: m}
		s.parts = append(s.parts, q)
		q.forward(s, cfg, l.learners[i].width)
		var k known
		if reverse && s.b.Err() == nil {
			if after != nil {
				k = after[i]
			}
			k, err = q.backward(s, l.learners[i].stacks, k)
		}
		if err == nil {
			err = s.b.Err()
		}
		if err != nil {
			return nil, nil, fmt.Errorf("learner %s: %w", m.name, err)
		}
		before = append(before, k)
	}
	return s, before, nil
}

// forward makes the steps, and the query of the last segment. width is the shape of an example's features
// that are not made here, nil where they are.
func (q *part) forward(s *segment, cfg Config, width []int) {
	b, m := s.b, q.wired
	all := stretch{y: s.y, reward: s.reward, steps: s.steps, cut: s.cut, query: cfg.Query}
	if width != nil {
		q.features = b.Input(m.name+"/features", append([]int{s.rows(cfg)}, width...)...)
		all.features = q.features
	} else {
		all.features = m.prefix(b, s.x)
	}
	var f fast
	var losses []*G.Node
	if s.first {
		f = m.start()
		m.startState(b, &f, m.atConstants(b))
	} else {
		f = m.carried(b)
		q.begin = m.arraysOf(f)
		if cfg.Objective.Stream != 0 {
			n := b.Input(m.name+"/losses", 1)
			q.begin, losses = append(q.begin, n), []*G.Node{n}
		}
	}
	next, answers := m.steps(b, f, all, cfg.Objective.Stream != 0)
	losses = append(losses, answers...)
	q.fast = next
	q.end = m.arraysOf(next)
	for _, w := range append(m.fastWeights(next), m.stateOf(next)...) {
		q.slots = append(q.slots, w.slot)
	}
	if s.last {
		q.loss = m.outer(b, cfg.Objective, m.query(b, next, all), m.total(b, losses), cfg.Steps)
		return
	}
	if total := m.total(b, losses); total != nil {
		q.end = append(q.end, total)
	}
}

// arraysOf are the nodes of what changes, in a fixed order.
func (m *wired) arraysOf(f fast) (nodes []*G.Node) {
	for _, w := range append(m.fastWeights(f), m.stateOf(f)...) {
		nodes = append(nodes, w.node)
	}
	return nodes
}

// backward makes the reverse pass. stacks names the stacks that all steps share.
func (q *part) backward(s *segment, stacks []string, after known) (before known, err error) {
	b, m := s.b, q.wired
	q.sums = q.collectors(b, stacks)
	former := b.At(op.Label{Layer: -1, Step: op.Query, Backward: true})
	defer b.At(former)
	var from []op.Received
	if s.last {
		from = append(from, op.Received{Node: q.loss, Sum: b.OnesLike(q.loss)})
	}
	input := func(kind string, i int, has []bool, n *G.Node) *G.Node {
		if i >= len(has) || !has[i] {
			return nil
		}
		in := b.Input(fmt.Sprintf("%s/%s/%d", m.name, kind, i), n.Shape()...)
		from = append(from, op.Received{Node: n, Sum: in})
		return in
	}
	for i, c := range q.sums {
		q.soFar = append(q.soFar, input("sum", i, after.sums, c.node))
	}
	for i, n := range q.end {
		q.received = append(q.received, input("received", i, after.carried, n))
	}
	var wrt, leaves []*G.Node
	if s.first {
		for _, p := range m.layout {
			if p.Learned {
				wrt = append(wrt, m.param(p.Role, p.Layer))
			}
		}
	} else {
		for _, c := range q.sums {
			wrt = append(wrt, c.node)
			if c.node.Op() != nil {
				leaves = append(leaves, c.node)
			}
		}
	}
	sums := len(wrt)
	wrt = append(wrt, q.begin...)
	if q.features != nil && m.learnsPrefix() {
		wrt = append(wrt, q.features)
	}
	grads := b.PullbackFrom(from, leaves, wrt...)
	if err := b.Err(); err != nil {
		return before, err
	}
	for i, g := range grads {
		if g != nil && !sameShape(g.Shape(), wrt[i].Shape()) {
			return before, fmt.Errorf("gradient of %s has shape %v: want %v", wrt[i].Name(), g.Shape(), wrt[i].Shape())
		}
	}
	if len(grads) > sums+len(q.begin) {
		q.below = grads[len(grads)-1]
	}
	q.back = grads[sums : sums+len(q.begin)]
	if !s.first {
		q.totals = grads[:sums]
		return known{there(q.back), there(q.totals)}, nil
	}
	q.totals = make([]*G.Node, len(m.layout))
	for i, p := range m.layout {
		if p.Learned {
			q.totals[i], grads = grads[0], grads[1:]
		}
	}
	return known{}, nil
}

func there(nodes []*G.Node) (is []bool) {
	for _, n := range nodes {
		is = append(is, n != nil)
	}
	return is
}

// learnsPrefix reports whether weights below the lowest plastic layer are learned.
func (m *learnerModel) learnsPrefix() bool {
	return slices.ContainsFunc(m.layout, func(p Param) bool {
		return p.belowOf(m.lowest)
	})
}

// collectors are the nodes that collect meta-gradients: the learned parameters, their rates as all steps
// read them, and the stacks named.
func (m *wired) collectors(b *op.Builder, stacks []string) (list []sum) {
	for _, p := range m.layout {
		n := m.param(p.Role, p.Layer)
		switch {
		case !p.Learned:
			continue
		case p.Role == Rate && m.alpha[p.Layer] != nil:
			n = m.alpha[p.Layer]
		}
		list = append(list, sum{p.Name, n})
	}
	have := m.stacks(b)
	for _, name := range stacks {
		if i := slices.IndexFunc(have, func(s sum) bool { return s.name == name }); i >= 0 {
			list = append(list, have[i])
		}
	}
	return list
}

// stacks are the stacks of parameters, which are made once and read by all steps.
func (m *wired) stacks(b *op.Builder) (list []sum) {
	learned := map[*G.Node]bool{}
	for _, p := range m.layout {
		learned[m.param(p.Role, p.Layer)] = p.Learned
	}
	for _, s := range b.Stacks() {
		var names []string
		some := false
		for _, n := range s.Of {
			if its, ours := learned[n]; ours {
				names, some = append(names, n.Name()), some || its
			}
		}
		if some && len(names) == len(s.Of) {
			list = append(list, sum{strings.Join(names, " "), s.Node})
		}
	}
	return list
}
