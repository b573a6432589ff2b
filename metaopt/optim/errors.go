package optim

import (
	"errors"
	"fmt"
)

// Sentinels; test with errors.Is.
var (
	// ErrNonFinite: NaN, an infinity, or a value whose square is one. See NonFiniteError.
	ErrNonFinite = errors.New("non-finite value")
	// ErrLayout: segments that overlap, leave gaps, or share a name.
	ErrLayout = errors.New("bad layout")
)

// NonFiniteError says which element of a flat vector is NaN, infinite, or too large to square.
type NonFiniteError struct {
	What    string  // the vector, such as "gradient"
	Segment string  // the array it lies in; empty where no layout is known
	Index   int     // of the element, in the segment or else in the vector
	Value   float64 // what was found
}

func (e *NonFiniteError) Error() string {
	if e.Segment == "" {
		return fmt.Sprintf("%v in the %s: element %d is %v", ErrNonFinite, e.What, e.Index, e.Value)
	}
	return fmt.Sprintf("%v in the %s: element %d of %s is %v", ErrNonFinite, e.What, e.Index, e.Segment, e.Value)
}

// Is reports ErrNonFinite.
func (e *NonFiniteError) Is(target error) bool { return target == ErrNonFinite }
