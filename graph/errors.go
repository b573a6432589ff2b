package graph

import (
	"fmt"
	"slices"

	"metaplast/graph/op"
)

// DataError says that an array does not fit the graph that it is bound to.
type DataError struct {
	Array string
	Have  []int
	Want  []int
	Value error // set when the shape fits but a value does not
}

func (e *DataError) Error() string {
	if e.Value != nil {
		return fmt.Sprintf("%s: %v", e.Array, e.Value)
	}
	return fmt.Sprintf("%s: shape %v: want %v", e.Array, e.Have, e.Want)
}

// Divergence says where NaN or Inf first appeared in an episode of one learner.
type Divergence struct {
	op.Fault
}

func (d *Divergence) Error() string {
	return fmt.Sprintf("%v[%d] is %v (op %s)", d.At, d.Index, d.Value, d.Kind)
}

func sameShape(a, b []int) bool { return slices.Equal(a, b) }
