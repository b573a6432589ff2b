package graph

import (
	"errors"
	"fmt"
	"slices"

	"metaplast/graph/op"
)

// FieldError is one fault of a specification.
type FieldError struct {
	Path string // of the field, for example learners.flp.hidden_scale
	Have any
	Want string
	Err  error // a more specific error, if there is one
}

func (e *FieldError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %v", e.Path, e.Err)
	}
	return fmt.Sprintf("%s: have %v, want %s", e.Path, e.Have, e.Want)
}

func (e *FieldError) Unwrap() error { return e.Err }

// faults collects the faults of a specification.
type faults []error

func (f *faults) check(ok bool, path string, have any, want string) {
	if !ok {
		*f = append(*f, &FieldError{Path: path, Have: have, Want: want})
	}
}

func (f *faults) add(path string, err error) {
	if err != nil {
		*f = append(*f, &FieldError{Path: path, Err: err})
	}
}

func (f faults) join() error { return errors.Join(f...) }

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
