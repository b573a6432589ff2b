package engine

import (
	"slices"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// schedule is the order in which the outputs of a graph are computed: the nodes that they
// depend on in the order of their making, which runs time forward and then backward, so
// that each contribution to a meta-gradient is added to its sum as soon as it is there. What
// is cheap, and with a distance of checkpoints the inside of every segment between them, is
// dropped after the forward pass and computed once more when the reverse pass comes to it.
type schedule struct {
	tasks  []task
	values []value
	first  map[*G.Node]place // of what the forward pass, or the only pass, computes
	again  map[*G.Node]place // of what was computed once more
	drop   map[*G.Node]bool
	within int // inner steps between checkpoints; 0 if all are kept
}

// task is one run of a kernel, of a group of them, or of an op that is not ours.
type task struct {
	node    *G.Node // the first of its results
	out     []int   // value of each result by place; -1 if it is not needed
	in      []place
	members []*G.Node
	again   bool // computes once more what the forward pass had computed
}

// value is what one task computes, or an input.
type value struct {
	node *G.Node
	size int
	def  int // task; -1 for an input
	last int // task that reads it last; len(tasks) for an output
}

// place is a value, or a part of it from an element on.
type place struct{ value, offset int }

// Reachable returns what the outputs depend on, themselves included, in the order of making:
// what Planned computes. Cost: linear in the number of nodes, and sorting them.
func Reachable(outputs []*G.Node) []*G.Node {
	seen := map[*G.Node]bool{}
	var nodes []*G.Node
	visit := func(n *G.Node) {
		if !seen[n] {
			seen[n] = true
			nodes = append(nodes, n)
		}
	}
	for _, n := range outputs {
		visit(n)
	}
	for i := 0; i < len(nodes); i++ {
		for _, c := range op.Children(nodes[i]) {
			visit(c)
		}
	}
	slices.SortFunc(nodes, func(a, b *G.Node) int { return int(a.ID() - b.ID()) })
	return nodes
}

func newSchedule(outputs []*G.Node, remat int) *schedule {
	order := Reachable(outputs)
	s := &schedule{first: make(map[*G.Node]place, len(order)), again: map[*G.Node]place{}, within: remat}
	s.choose(order, outputs)
	needed := make(map[*G.Node]bool, len(order))
	for _, n := range order {
		needed[n] = true
	}
	for _, n := range order {
		if _, done := s.first[n]; done {
			continue
		}
		label, _ := op.LabelOf(n)
		s.compute(n, label.Backward, s.first, needed)
	}
	for _, n := range outputs {
		s.values[s.first[n].value].last = len(s.tasks)
	}
	return s
}

// choose says which nodes the reverse pass computes once more.
func (s *schedule) choose(order, outputs []*G.Node) {
	s.drop = map[*G.Node]bool{}
	steps := 0
	for _, n := range order {
		k, ok := n.Op().(*op.Kernel)
		if !ok {
			continue
		}
		l, _ := op.LabelOf(n)
		if l.Backward || l.Step < 0 {
			continue
		}
		steps = max(steps, l.Step+1)
		if _, view := k.View(); view || k.Group() != nil {
			continue
		}
		s.drop[n] = k.Cheap() || s.within > 0
	}
	segment := func(l op.Label) int {
		if l.Step < 0 || s.within == 0 {
			return l.Step
		}
		return l.Step / s.within
	}
	keep := func(n *G.Node) { delete(s.drop, viewed(n)) }
	for _, n := range order {
		label, ours := op.LabelOf(n)
		if n.Op() != nil && !ours { // whoever reads it, and when, is not known
			for _, c := range op.Children(n) {
				keep(c)
			}
			continue
		}
		k, ok := n.Op().(*op.Kernel)
		if !ok || label.Backward || s.within == 0 {
			continue
		}
		for _, c := range op.Children(n) {
			c = viewed(c)
			if l, _ := op.LabelOf(c); s.drop[c] && !c.Op().(*op.Kernel).Cheap() && segment(l) != segment(label) {
				delete(s.drop, c) // a checkpoint
			}
		}
		// What the reverse pass reads first is better kept than computed twice.
		if label.Step >= 0 && !k.Cheap() && segment(label) == (steps-1)/s.within {
			delete(s.drop, n)
		}
	}
	for _, n := range outputs {
		keep(n)
	}
}

// compute adds the task that computes node n into a map of places.
func (s *schedule) compute(n *G.Node, backward bool, into map[*G.Node]place, needed map[*G.Node]bool) {
	if n.Op() == nil {
		into[n] = place{s.add(n, -1), 0}
		return
	}
	children := op.Children(n)
	in := make([]place, len(children))
	for i, c := range children {
		in[i] = s.locate(c, backward, needed)
	}
	k, ours := n.Op().(*op.Kernel)
	if ours {
		if offset, view := k.View(); view {
			into[n] = place{in[0].value, in[0].offset + offset}
			return
		}
	}
	_, again := s.first[n]
	t := task{node: n, in: in, members: []*G.Node{n}, again: again}
	at := len(s.tasks)
	if ours && k.Group() != nil {
		t.members = nil
		for _, m := range k.Group() {
			if needed[m] {
				t.members = append(t.members, m)
			}
		}
	}
	for _, p := range in {
		s.values[p.value].last = at
	}
	results := 1
	if ours {
		results = k.Results()
	}
	t.out = make([]int, results)
	for i := range t.out {
		t.out[i] = -1
	}
	for _, m := range t.members {
		v := s.add(m, at)
		into[m] = place{v, 0}
		i := 0
		if ours {
			i = m.Op().(*op.Kernel).Member()
		}
		t.out[i] = v
	}
	s.tasks = append(s.tasks, t)
}

func (s *schedule) add(n *G.Node, def int) int {
	s.values = append(s.values, value{node: n, size: n.Shape().TotalSize(), def: def, last: def})
	return len(s.values) - 1
}

// locate is where an operand is found, computing it once more if it was dropped.
func (s *schedule) locate(n *G.Node, backward bool, needed map[*G.Node]bool) place {
	if !backward || !s.drop[viewed(n)] {
		return s.first[n]
	}
	if p, ok := s.again[n]; ok {
		return p
	}
	s.compute(n, true, s.again, needed)
	return s.again[n]
}

// viewed is the node that a view is part of, at the end of all views; else the node itself.
func viewed(n *G.Node) *G.Node {
	for {
		k, ok := n.Op().(*op.Kernel)
		if !ok {
			return n
		}
		if _, view := k.View(); !view {
			return n
		}
		n = op.Children(n)[0]
	}
}
