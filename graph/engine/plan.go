package engine

import (
	"slices"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// layout gives every value of a schedule a buffer in one slab, as if the tasks ran one after
// the other, and notes for every task which others must have ended before it may begin,
// because it reads what they write or writes where they read or wrote.
type layout struct {
	buffers []buffer
	of      []int     // buffer of each value
	shift   []int     // where in its buffer each value begins, in elements
	before  [][]int32 // tasks that must end before a task begins
	bytes   int       // of the slab
	scratch int       // elements that the hungriest task needs for itself

	joined map[int]int // of a buffer that parts are written into: the last task that reads the whole
}

// buffer is one range of the slab, or the array of an input.
type buffer struct {
	size    int
	offset  int     // in elements, of the slab
	input   *G.Node // whose array it is, or nil
	writer  int32   // task that wrote it last; -1 if none has
	readers []int32 // since
	free    int     // number of the task after the one that gave it back
}

// Carry says that an output is written where an input is read.
type Carry struct{ Output, Input *G.Node }

// plan lays out a schedule. Buffers are handed out again when the last reader of the former
// value lies apart tasks back: right after it a second thread would have to wait for that
// reader.
func (s *schedule) plan(element, apart int, carries []Carry) *layout {
	p := &layout{of: make([]int, len(s.values)), shift: make([]int, len(s.values)), before: make([][]int32, len(s.tasks)), joined: map[int]int{}}
	for i, v := range s.values {
		p.of[i] = -1
		if v.def < 0 {
			p.of[i] = len(p.buffers)
			p.buffers = append(p.buffers, buffer{size: v.size, input: v.node, writer: -1})
		}
	}
	onto := map[*G.Node]*G.Node{}
	for _, c := range carries {
		if n := viewed(c.Output); n.Shape().TotalSize() == c.Input.Shape().TotalSize() {
			onto[n] = c.Input
		}
	}
	slab := newSlab(p, 64/element)
	parts := s.parts(64 / element)
	for i := range s.tasks {
		t := &s.tasks[i]
		k, _ := t.node.Op().(*op.Kernel)
		if k != nil {
			p.scratch = max(p.scratch, k.Scratch())
		}
		for _, in := range t.in {
			b := &p.buffers[p.of[in.value]]
			if b.writer >= 0 {
				p.before[i] = append(p.before[i], b.writer)
			}
		}
		for _, m := range t.members {
			v := t.out[member(m)]
			b := -1
			if part, ok := parts[v]; ok {
				if p.of[part.value] < 0 {
					b := slab.take(s.values[part.value].size, i-apart)
					p.of[part.value], p.joined[b] = b, s.values[part.value].last
				}
				b, p.shift[v] = p.of[part.value], part.offset
			} else if b = p.of[v]; b < 0 { // not where its parts are
				b = s.inPlace(p, i, m, v, onto[m])
			}
			if b < 0 {
				b = slab.take(s.values[v].size, i-apart)
			}
			p.of[v] = b
			p.before[i] = append(p.before[i], p.buffers[b].readers...)
			if w := p.buffers[b].writer; w >= 0 {
				p.before[i] = append(p.before[i], w)
			}
		}
		for _, in := range t.in {
			b := &p.buffers[p.of[in.value]]
			if len(b.readers) == 0 || b.readers[len(b.readers)-1] != int32(i) {
				b.readers = append(b.readers, int32(i))
			}
		}
		for _, v := range t.out {
			if v >= 0 {
				b := &p.buffers[p.of[v]]
				b.writer, b.readers = int32(i), b.readers[:0:0]
			}
		}
		slices.Sort(p.before[i])
		p.before[i] = slices.Compact(p.before[i])
		if n := len(p.before[i]); n > 0 && p.before[i][n-1] == int32(i) {
			p.before[i] = p.before[i][:n-1]
		}
		p.release(s, slab, i)
	}
	p.bytes = slab.top * element
	return p
}

// parts says which values are written into the array that they are joined in later. It saves
// the copy, and pays where the rest of memory is little: with checkpoints. Else the array
// would be there in full when memory is short, and parts come as weights go.
func (s *schedule) parts(line int) map[int]place {
	parts := map[int]place{}
	if s.within == 0 {
		return parts
	}
	for at, t := range s.tasks {
		k, ok := t.node.Op().(*op.Kernel)
		if !ok || k.Places() == nil {
			continue
		}
		fit := true
		for i, in := range t.in {
			v := s.values[in.value]
			_, taken := parts[in.value]
			fit = fit && !taken && in.offset == 0 && v.def >= 0 && v.last == at && k.Places()[i]%line == 0 &&
				v.size == op.Children(t.node)[i].Shape().TotalSize() && !slices.Contains(t.in[:i], in)
		}
		for i, in := range t.in {
			if fit {
				parts[in.value] = place{t.out[0], k.Places()[i]}
			}
		}
	}
	return parts
}

func member(n *G.Node) int {
	if k, ok := n.Op().(*op.Kernel); ok {
		return k.Member()
	}
	return 0
}

// release gives back what task i was the last to read, or what nobody reads.
func (p *layout) release(s *schedule, slab *slab, i int) {
	give := func(v int) {
		b := &p.buffers[p.of[v]]
		if s.values[v].last > i || b.input != nil || b.free == i+1 || p.joined[p.of[v]] > i {
			return
		}
		// The buffer may have been taken over in place.
		for _, o := range s.tasks[i].out {
			if o >= 0 && o != v && p.of[o] == p.of[v] {
				return
			}
		}
		b.free = i + 1
		slab.give(p.of[v])
	}
	for _, in := range s.tasks[i].in {
		give(in.value)
	}
	for _, v := range s.tasks[i].out {
		if v >= 0 {
			give(v)
		}
	}
}

// inPlace returns the buffer of an operand that result v of task i may overwrite, or -1:
// one that nobody reads any more, or the input that an output is carried over to.
func (s *schedule) inPlace(p *layout, i int, n *G.Node, v int, onto *G.Node) int {
	k, ok := n.Op().(*op.Kernel)
	if !ok {
		return -1
	}
	t := &s.tasks[i]
	over := k.Over()
	for j, in := range t.in {
		u := &s.values[in.value]
		b := p.of[in.value]
		if !slices.Contains(over, j) || in.offset != 0 || p.shift[in.value] != 0 || p.joined[b] > i || u.size != s.values[v].size || u.last != i {
			continue
		}
		if p.buffers[b].input != nil && (onto == nil || p.buffers[b].input != onto) {
			continue
		}
		taken := false
		for _, o := range t.out {
			taken = taken || o >= 0 && o != v && p.of[o] == b
		}
		for l, other := range t.in {
			if l != j && other.value == in.value {
				taken = taken || k.Group() != nil || other.offset != 0 || !slices.Contains(over, l)
			}
		}
		if !taken {
			return b
		}
	}
	return -1
}
