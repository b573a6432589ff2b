package data

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

var (
	// ErrNotFinite: an array holds NaN or an infinity. It is always inside a *ValueError.
	ErrNotFinite = errors.New("not finite")
	// ErrTask: a task index is negative. It is always inside a *ValueError.
	ErrTask = errors.New("negative task index")
	// ErrSplit: a Split other than Train and HeldOut.
	ErrSplit = errors.New("unknown split")
)

// FieldError is one fault of a specification. Several are joined by errors.Join, so that a
// user sees all of them at once.
type FieldError struct {
	Field string // path of the field, as in a configuration file
	Value any    // what it is
	Want  string // what it may be
}

// Error gives, for example, "functions: -1, want at least 1".
func (e *FieldError) Error() string {
	if s, ok := e.Value.(string); ok {
		return fmt.Sprintf("%s: %q, want %s", e.Field, s, e.Want)
	}
	return fmt.Sprintf("%s: %v, want %s", e.Field, e.Value, e.Want)
}

// ShapeError is an array of an episode whose shape is not what the others, or a Spec, ask for.
type ShapeError struct {
	Array string // field of Episode
	Got   []int  // nil when the array is missing
	Want  string // the shape with letters where any extent will do, "[6,4,11]" or "[T,N,...]"
}

func newShapeError(array string, got []int, want []string) *ShapeError {
	return &ShapeError{Array: array, Got: slices.Clone(got), Want: "[" + strings.Join(want, ",") + "]"}
}

// Error gives, for example, "data: SupportY has shape [6 3 1], want [6,4,n_out]".
func (e *ShapeError) Error() string {
	if e.Got == nil {
		return fmt.Sprintf("data: %s is missing, want shape %s", e.Array, e.Want)
	}
	return fmt.Sprintf("data: %s has shape %v, want %s", e.Array, e.Got, e.Want)
}

// ValueError is an element of an episode that no learner should see.
type ValueError struct {
	Array string  // field of Episode
	Index []int   // position of the element
	Value float64 // what it is
	Err   error   // what is wrong with it, for example ErrNotFinite
}

// Error gives, for example, "data: QueryX[3 0] = NaN: not finite".
func (e *ValueError) Error() string {
	return fmt.Sprintf("data: %s%v = %v: %v", e.Array, e.Index, e.Value, e.Err)
}

// Unwrap returns Err.
func (e *ValueError) Unwrap() error { return e.Err }
