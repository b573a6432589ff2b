package measure

import (
	"errors"
	"fmt"

	"metaplast/data/fault"
)

// Sentinels; test with errors.Is.
var (
	// ErrNonFinite: NaN or an infinity, in the input or as a result. See NonFiniteError.
	ErrNonFinite = errors.New("non-finite value")
	// ErrShape: matrices that do not fit. See ShapeError.
	ErrShape = errors.New("shapes do not fit")
	// ErrTooFew: fewer elements than the measure is defined for. See TooFewError.
	ErrTooFew = errors.New("too few")
	// ErrUnsupported: settings that are legal each but not together.
	ErrUnsupported = errors.New("unsupported")
	// ErrNoConvergence: the singular value decomposition did not converge.
	ErrNoConvergence = errors.New("no convergence")
)

// NonFiniteError says which element is NaN or infinite.
type NonFiniteError struct {
	What  string  // the input, such as "update", or the result that overflowed
	Index []int   // of the element, one number for each dimension; empty for a single number
	Value float64 // what was found
}

func (e *NonFiniteError) Error() string {
	if len(e.Index) == 0 {
		return fmt.Sprintf("%v: %s is %v", ErrNonFinite, e.What, e.Value)
	}
	return fmt.Sprintf("%v: %s: element %v is %v", ErrNonFinite, e.What, e.Index, e.Value)
}

// Is reports ErrNonFinite.
func (e *NonFiniteError) Is(target error) bool { return target == ErrNonFinite }

// ShapeError says which matrix does not have the shape that it must have.
type ShapeError struct {
	Op   string // what was to be computed of which matrix, such as "forward path: weights 1"
	Got  []int  // the shape it has
	Want string // the shape it must have, such as "[any 4]"
}

func (e *ShapeError) Error() string {
	return fmt.Sprintf("%v: %s has shape %v, want %s", ErrShape, e.Op, e.Got, e.Want)
}

// Is reports ErrShape.
func (e *ShapeError) Is(target error) bool { return target == ErrShape }

// TooFewError says that a measure is not defined for so little input.
type TooFewError struct {
	What      string // what is counted, such as "tasks"
	Got, Need int
}

func (e *TooFewError) Error() string {
	return fmt.Sprintf("%v %s: %d, need at least %d", ErrTooFew, e.What, e.Got, e.Need)
}

// Is reports ErrTooFew.
func (e *TooFewError) Is(target error) bool { return target == ErrTooFew }

// SettingError says which setting is outside of its legal values.
type SettingError struct {
	Field string // path of the field, such as "Bootstrap.Level"
	Value any    // what was found
	Want  string // what is legal
}

func (e *SettingError) Error() string {
	return fmt.Sprintf("%v: %s is %v, want %s", fault.ErrSetting, e.Field, e.Value, e.Want)
}

// Is reports fault.ErrSetting.
func (e *SettingError) Is(target error) bool { return target == fault.ErrSetting }
