package engine

import (
	"fmt"

	"metaplast/graph/op"
)

// Room is memory that several programs share, one after the other: what one leaves there is gone when the
// next one has run. It is taken when the first program is made.
type Room struct {
	bytes int
	array any // []float32 or []float64
}

// NewRoom returns room for programs of at most so many bytes, see Options.Bytes.
func NewRoom(bytes int) *Room { return &Room{bytes: bytes} }

// Bytes is the size of the room.
func (r *Room) Bytes() int { return r.bytes }

// slabOf returns the slab of a program of so many elements.
func slabOf[F float32 | float64](r *Room, elements int) ([]F, error) {
	if r == nil {
		slab := op.Alloc[F](elements)
		advise(slab)
		return slab, nil
	}
	if r.array == nil {
		element := 8
		if _, single := any(F(0)).(float32); single {
			element = 4
		}
		slab := op.Alloc[F](r.bytes / element)
		advise(slab)
		r.array = slab
	}
	slab, ok := r.array.([]F)
	if !ok || len(slab) < elements {
		return nil, fmt.Errorf("a program of %d elements does not fit into the room of %d bytes that it shares", elements, r.bytes)
	}
	return slab[:elements:elements], nil
}
