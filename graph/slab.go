package graph

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

// join makes a buffer of free neighbours, the first that suffice, or returns -1.
func (s *slab) join(size, i int) int {
	from, length := 0, 0
	for to, b := range s.free {
		u := &s.p.buffers[b]
		if u.free > i {
			from, length = to+1, 0
			continue
		}
		if to > from {
			if before := &s.p.buffers[s.free[to-1]]; before.offset+before.size != u.offset {
				from, length = to, 0
			}
		}
		if length += u.size; length < size {
			continue
		}
		parts := slices.Clone(s.free[from : to+1])
		whole := buffer{size: size, offset: s.p.buffers[parts[0]].offset, writer: -1}
		var since int
		for _, b := range parts {
			u := &s.p.buffers[b]
			whole.readers = append(whole.readers, u.readers...)
			if u.writer >= 0 {
				whole.readers = append(whole.readers, u.writer)
			}
			since = max(since, u.free)
			s.remove(b)
		}
		last := &s.p.buffers[parts[len(parts)-1]]
		rest := buffer{size: length - size, offset: whole.offset + size, writer: last.writer, readers: last.readers, free: since}
		s.p.buffers = append(s.p.buffers, whole)
		made := len(s.p.buffers) - 1
		if rest.size > 0 {
			s.p.buffers = append(s.p.buffers, rest)
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
