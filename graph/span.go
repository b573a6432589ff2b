package graph

import (
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/op"
)

// span is an array of either type, of which parts are copied without allocating anything.
type span struct {
	f32 []float32
	f64 []float64
}

// newSpan is an array of zeros.
func newSpan(dt tensor.Dtype, n int) span {
	if dt == tensor.Float32 {
		return span{f32: op.Alloc[float32](n)}
	}
	return span{f64: op.Alloc[float64](n)}
}

// spanOf is the array of a node's value.
func spanOf(n *G.Node) span {
	switch d := n.Value().Data().(type) {
	case []float32:
		return span{f32: d}
	case []float64:
		return span{f64: d}
	}
	return span{}
}

// spanIf is spanOf, empty for no node.
func spanIf(n *G.Node) span {
	if n == nil {
		return span{}
	}
	return spanOf(n)
}

func spansIf(nodes []*G.Node) (list []span) {
	for _, n := range nodes {
		list = append(list, spanIf(n))
	}
	return list
}

// tensor is the array with a shape, for a node to have as its value.
func (s span) tensor(shape tensor.Shape) *tensor.Dense {
	if s.f32 != nil {
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(s.f32))
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(s.f64))
}

func (s span) size() int { return len(s.f32) + len(s.f64) }

// part are n elements from one on.
func (s span) part(from, n int) span {
	if s.f32 != nil {
		return span{f32: s.f32[from:][:n]}
	}
	return span{f64: s.f64[from:][:n]}
}

// take copies the elements of another span of the same type.
func (s span) take(from span) {
	copy(s.f32, from.f32)
	copy(s.f64, from.f64)
}

func (s span) clear() {
	clear(s.f32)
	clear(s.f64)
}

// set copies numbers from an element on, rounding to the type.
func (s span) set(offset int, src []float64) {
	if s.f32 == nil {
		copy(s.f64[offset:], src)
		return
	}
	d := s.f32[offset:]
	for i, v := range src {
		d[i] = float32(v)
	}
}

// get copies the elements into dst.
func (s span) get(dst []float64) {
	copy(dst, s.f64)
	for i, v := range s.f32 {
		dst[i] = float64(v)
	}
}

// first is the first element, NaN if there is none.
func (s span) first() float64 {
	switch {
	case len(s.f32) > 0:
		return float64(s.f32[0])
	case len(s.f64) > 0:
		return s.f64[0]
	}
	return math.NaN()
}
