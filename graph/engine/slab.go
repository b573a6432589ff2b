package engine

import "slices"

// slab hands out ranges of one array while a layout is planned: a range of the same size
// that was given back, else neighbouring ones that were, joined, else new ones at the end.
type slab struct {
	p     *layout
	line  int           // elements of a cache line, which every range begins with
	top   int           // elements handed out so far
	free  []int         // buffers that were given back, by offset
	sizes map[int][]int // the same by size, in the order of giving back
}

func newSlab(p *layout, line int) *slab {
	return &slab{p: p, line: line, sizes: map[int][]int{}}
}

// take returns a buffer for so many elements. What was given back by task i or later is not
// yet free.
func (s *slab) take(size, i int) int {
	size = (size + s.line - 1) / s.line * s.line
	for _, b := range slices.Backward(s.sizes[size]) {
		if s.p.buffers[b].free <= i {
			s.remove(b)
			return b
		}
	}
	if b := s.join(size, i); b >= 0 {
		return b
	}
	s.p.buffers = append(s.p.buffers, buffer{size: size, offset: s.top, writer: -1})
	s.top += size
	return len(s.p.buffers) - 1
}

// join makes a buffer of free neighbours, or returns -1. It takes the end of the last that
// suffice: the reverse pass frees the slab from its end, and what stays lies there close
// together.
func (s *slab) join(size, i int) int {
	to, length := len(s.free), 0
	for from := len(s.free) - 1; from >= 0; from-- {
		u := &s.p.buffers[s.free[from]]
		if u.free > i {
			to, length = from, 0
			continue
		}
		if from+1 < to && u.offset+u.size != s.p.buffers[s.free[from+1]].offset {
			to, length = from+1, 0
		}
		if length += u.size; length < size {
			continue
		}
		parts := slices.Clone(s.free[from:to])
		first := *u
		whole := buffer{size: size, offset: first.offset + length - size, writer: -1}
		for _, b := range parts {
			u := &s.p.buffers[b]
			whole.readers = append(whole.readers, u.readers...)
			if u.writer >= 0 {
				whole.readers = append(whole.readers, u.writer)
			}
			s.remove(b)
		}
		s.p.buffers = append(s.p.buffers, whole)
		made := len(s.p.buffers) - 1
		if length > size {
			s.p.buffers = append(s.p.buffers, buffer{size: length - size, offset: first.offset, writer: first.writer, readers: first.readers, free: first.free})
			s.give(made + 1)
		}
		return made
	}
	return -1
}

// give takes a buffer back.
func (s *slab) give(b int) {
	u := &s.p.buffers[b]
	at, _ := slices.BinarySearchFunc(s.free, u.offset, func(f, offset int) int { return s.p.buffers[f].offset - offset })
	s.free = slices.Insert(s.free, at, b)
	s.sizes[u.size] = append(s.sizes[u.size], b)
}

// remove takes a buffer out of the lists.
func (s *slab) remove(b int) {
	u := &s.p.buffers[b]
	at, _ := slices.BinarySearchFunc(s.free, u.offset, func(f, offset int) int { return s.p.buffers[f].offset - offset })
	s.free = slices.Delete(s.free, at, at+1)
	same := s.sizes[u.size]
	at = slices.Index(same, b)
	s.sizes[u.size] = slices.Delete(same, at, at+1)
}
