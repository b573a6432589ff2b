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
	// ErrSplit: a Split other than Train, HeldOut and Validation.
	ErrSplit = errors.New("unknown split")
	// ErrDuplicate: two classes of a bank have one name, so that one could be in two splits. It
	// is always inside a *ClassError.
	ErrDuplicate = errors.New("another class has this name")
	// ErrIndex: a class or a drawing that a bank does not have. It is always inside a
	// *ClassError.
	ErrIndex = errors.New("out of range")
	// ErrDrawings: a class without drawings. It is always inside a *ClassError.
	ErrDrawings = errors.New("too few drawings")
)

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

// ClassError is a fault of one class of a bank, or of one of its drawings.
type ClassError struct {
	Bank    string // name of the bank
	Class   string // name of the class, or its number where it has none
	Drawing int    // from 0; -1 when the fault is the class's
	Want    string // what it may be and what to do; empty when Err says it all
	Err     error  // what is wrong, wrapping ErrDuplicate, ErrIndex, ErrDrawings, ErrSplit or the error of a Source
}

// Error gives, for example, "data: omniglot: class Greek/character03: drawing 20: out of range,
// want 0 to 19".
func (e *ClassError) Error() string {
	s := fmt.Sprintf("data: %s: class %s: ", e.Bank, e.Class)
	if e.Drawing >= 0 {
		s += fmt.Sprintf("drawing %d: ", e.Drawing)
	}
	s += e.Err.Error()
	if e.Want != "" {
		s += ", want " + e.Want
	}
	return s
}

// Unwrap returns Err.
func (e *ClassError) Unwrap() error { return e.Err }
