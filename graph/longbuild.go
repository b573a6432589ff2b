package graph

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/engine"
	"metaplast/graph/op"
)

// program is a machine that is to be made, in the memory that all share.
type program struct {
	b       *op.Builder
	outputs []*G.Node
	made    func(vm G.VM)
}

// build makes the graphs, that of the last segment first, since what a segment's reverse pass begins with
// depends on the segments after it, and then the machines.
func (l *Long) build(steps int) error {
	cfg := l.cfg
	l.x, l.y = l.rows(cfg.Network.Input), l.rows([]int{cfg.Network.Outputs()})
	if cfg.Reward {
		l.reward = newSpan(cfg.Dtype, cfg.Steps*cfg.Batch)
	}
	programs, err := l.buildPrefix()
	if err != nil {
		return err
	}
	if err := l.survey(); err != nil {
		return err
	}
	more, err := l.buildSegments(steps)
	if err != nil {
		return err
	}
	return l.machines(append(programs, more...))
}

// survey finds the stacks that the steps of each learner share.
func (l *Long) survey() error {
	s, _, err := l.assemble(place{first: true, steps: 1, cut: -1}, nil, false)
	if err != nil {
		return err
	}
	for i, q := range s.parts {
		for _, c := range q.stacks(s.b) {
			l.learners[i].stacks = append(l.learners[i].stacks, c.name)
		}
	}
	return nil
}

// places divides the episode: all segments have one length but the first, which has what is left over.
func (l *Long) places(steps int) []place {
	cfg := l.cfg
	n := (cfg.Steps + steps - 1) / steps
	l.segments = make([]turn, n)
	places := make([]place, n)
	for j := range places {
		p := place{first: j == 0, last: j == n-1, steps: steps, cut: -1}
		from := cfg.Steps - (n-j)*steps
		if p.first {
			p.steps, from = steps+from, 0
		}
		if c := cfg.cut(); c >= from && c < from+p.steps {
			p.cut = c - from
		}
		l.segments[j].from, places[j] = from, p
	}
	return places
}

// buildSegments makes the graphs of the segments. Segments that do the same share one.
func (l *Long) buildSegments(steps int) (programs []program, err error) {
	cfg := l.cfg
	type ready struct {
		back   *half
		before []known
	}
	forwards, backs := map[place]*half{}, map[string]ready{}
	var after []known
	for j, p := range slices.Backward(l.places(steps)) {
		reverse := !cfg.Forward && (p.first || p.last || slices.ContainsFunc(after, known.something))
		key := fmt.Sprint(p, after, reverse)
		r, have := backs[key]
		if !have {
			var s *segment
			if s, r.before, err = l.assemble(p, after, reverse); err != nil {
				return nil, err
			}
			if err := l.inputs(s.b); err != nil {
				return nil, err
			}
			for _, q := range s.parts {
				q.bindConstants()
			}
			if forwards[p] == nil && !p.last {
				forwards[p] = &half{segment: s}
				programs = append(programs, forwards[p].program(false))
			}
			if reverse || p.last {
				r.back = &half{segment: s}
				programs = append(programs, r.back.program(true))
			}
			backs[key] = r
		}
		l.segments[j].forward, l.segments[j].back = forwards[p], r.back
		if reverse {
			after = r.before
		}
	}
	return programs, l.store()
}

// inputs gives the inputs of a graph their arrays.
func (l *Long) inputs(b *op.Builder) error {
	l.builders, l.nodes = append(l.builders, b), l.nodes+len(b.Graph().AllNodes())
	for _, n := range b.Graph().Inputs() {
		if shared := l.params[n.Name()]; shared != nil {
			if err := G.Let(n, shared); err != nil {
				return err
			}
			continue
		}
		allocate(n)
		if l.shares[n.Name()] {
			l.params[n.Name()] = n.Value()
		}
	}
	return nil
}

// store makes the arrays that hold what there is between programs.
func (l *Long) store() error {
	last := l.segments[len(l.segments)-1].back
	l.first = last.segment
	dt := l.cfg.Dtype
	like := func(nodes []*G.Node) (list []span) {
		for _, n := range nodes {
			list = append(list, newSpan(dt, n.Shape().TotalSize()))
		}
		return list
	}
	for i, m := range l.learners {
		m.loss = newSpan(dt, 1)
		q := last.segment.parts[i]
		m.weights = len(q.fastWeights(q.fast))
		for k, at := range q.slots {
			n := q.end[k]
			m.final = append(m.final, finalArray{at, slices.Clone([]int(n.Shape())), newSpan(dt, n.Shape().TotalSize())})
		}
		m.starts = make([][]span, len(l.segments))
		for j := range l.segments[1:] {
			m.starts[j+1] = like(q.begin)
		}
		m.received = like(q.begin)
		for _, c := range q.sums {
			m.sums = append(m.sums, newSpan(dt, c.node.Shape().TotalSize()))
		}
		if m.width != nil && m.learnsPrefix() && !l.cfg.Forward {
			m.below = l.rows(m.width)
		}
		m.grads = make([]span, len(m.layout))
		if l.cfg.Forward {
			continue
		}
		first := l.segments[0].back.segment.parts[i]
		for k, p := range m.layout {
			if first.totals[k] != nil || l.below != nil && l.below.nodes[i].grads != nil && l.below.nodes[i].grads[k] != nil {
				m.grads[k] = newSpan(dt, p.Size)
			}
		}
	}
	return nil
}

// machines makes the programs.
func (l *Long) machines(programs []program) error {
	o := engine.Options{Threads: l.cfg.Threads, Remat: l.cfg.Remat}
	most := 0
	for _, p := range programs {
		most = max(most, o.Bytes(p.b, p.outputs))
	}
	l.room = engine.NewRoom(most)
	o.Room = l.room
	for _, p := range programs {
		vm, err := engine.Planned(o)(p.b, p.outputs)
		if err != nil {
			return err
		}
		l.programs = append(l.programs, vm)
		p.made(vm)
	}
	return nil
}

// program is that of a half whose results are what is asked for.
func (h *half) program(backward bool) program {
	var outputs []*G.Node
	add := func(nodes ...*G.Node) {
		for _, n := range nodes {
			if n != nil {
				outputs = append(outputs, n)
			}
		}
	}
	for _, q := range h.segment.parts {
		if !backward || h.last {
			add(q.end...)
		}
		if backward {
			add(q.loss, q.below)
			add(q.back...)
			add(q.totals...)
		}
	}
	return program{h.b, outputs, func(vm G.VM) { h.made(vm, backward) }}
}

// made finds the arrays of a half when it has its machine.
func (h *half) made(vm G.VM, backward bool) {
	h.vm = vm
	h.x, h.y, h.reward = spanIf(h.segment.x), spanIf(h.segment.y), spanIf(h.segment.reward)
	for _, q := range h.segment.parts {
		p := halfPart{features: spanIf(q.features), begin: spansIf(q.begin)}
		if !backward || h.last {
			p.end = spansIf(q.end)
		}
		if backward {
			p.received, p.soFar, p.back, p.totals = spansIf(q.received), spansIf(q.soFar), spansIf(q.back), spansIf(q.totals)
			p.loss, p.below = spanIf(q.loss), spanIf(q.below)
		}
		h.parts = append(h.parts, p)
	}
}
