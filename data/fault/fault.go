// Package fault holds the errors about what was given: fields of a specification, settings and
// vectors that do not fit. All packages share them, so that a caller tests for one and a user reads
// one form.
package fault

import (
	"errors"
	"fmt"
)

// Sentinels; test with errors.Is.
var (
	// ErrSetting: a setting outside of its legal values.
	ErrSetting = errors.New("bad setting")
	// ErrLength: a vector of another length than it must have. See Length.
	ErrLength = errors.New("wrong length")
)

// Field is one fault of a specification. Several are joined by errors.Join, so that a user sees all
// of them at once.
type Field struct {
	Path  string // of the field, as in a configuration file: learners.flp.hidden_scale
	Value any    // what it is
	Want  string // what it may be
	Err   error  // a more specific error; Value and Want are not used then
}

// Error gives, for example, "functions: -1, want at least 1".
func (e *Field) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %v", e.Path, e.Err)
	}
	if s, ok := e.Value.(string); ok {
		return fmt.Sprintf("%s: %q, want %s", e.Path, s, e.Want)
	}
	return fmt.Sprintf("%s: %v, want %s", e.Path, e.Value, e.Want)
}

// Unwrap returns Err.
func (e *Field) Unwrap() error { return e.Err }

// Words is a Value that describes what is there, such as "no plastic layer", and is not quoted.
type Words string

// Fields collects the faults of a specification. The zero value is none.
type Fields []error

// Check adds a fault unless ok.
func (f *Fields) Check(ok bool, path string, value any, want string) {
	if !ok {
		*f = append(*f, &Field{Path: path, Value: value, Want: want})
	}
}

// Add adds an error of the field, unless it is nil.
func (f *Fields) Add(path string, err error) {
	if err != nil {
		*f = append(*f, &Field{Path: path, Err: err})
	}
}

// Join returns all faults as one error, nil if there is none.
func (f Fields) Join() error { return errors.Join(f...) }

// Each takes joined errors apart, whatever is joined in each other; nil has none.
func Each(err error) []error {
	if err == nil {
		return nil
	}
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		var list []error
		for _, e := range j.Unwrap() {
			list = append(list, Each(e)...)
		}
		return list
	}
	return []error{err}
}

// Length says that a vector has another length than it must have.
type Length struct {
	What      string // the vector, or the kind of vectors of which it is one
	Index     []int  // which of them; empty where there is one
	Got, Want int    // elements
}

func (e *Length) Error() string {
	what := e.What
	if len(e.Index) > 0 {
		what = fmt.Sprintf("%s %v", what, e.Index)
	}
	return fmt.Sprintf("%v: %s of %d elements, want %d", ErrLength, what, e.Got, e.Want)
}

// Is reports ErrLength.
func (e *Length) Is(target error) bool { return target == ErrLength }
