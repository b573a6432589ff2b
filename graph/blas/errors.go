package blas

import (
	"fmt"
	"runtime"
	"strings"
)

// UnknownError is a name that no library has.
type UnknownError struct {
	Name string
	From string // where the name was given: METAPLAST_BLAS, or empty for a call
	Want []string
}

func (e *UnknownError) Error() string {
	from := e.From
	if from == "" {
		from = "library"
	}
	return fmt.Sprintf("blas: %s: have %q, want one of %s", from, e.Name, strings.Join(e.Want, ", "))
}

// UnusableError is a library that this process cannot use.
type UnusableError struct {
	Name  string
	From  string    // where the name was given: METAPLAST_BLAS, or empty for a call
	Tried []Attempt // empty where the system has no way of loading one
}

// Attempt is one shared object that was tried, and what was wrong with it.
type Attempt struct {
	Path   string
	Err    error
	Absent bool // there is none; else there is one that cannot be used
}

func (e *UnusableError) Error() string {
	var s strings.Builder
	s.WriteString("blas: ")
	if e.From != "" {
		fmt.Fprintf(&s, "%s=%s: ", e.From, e.Name)
	}
	fmt.Fprintf(&s, "%s on %s/%s", e.reason(), runtime.GOOS, runtime.GOARCH)
	for _, t := range e.Tried {
		fmt.Fprintf(&s, "\n\t%v", t)
	}
	if len(e.Tried) > 0 {
		s.WriteString("\nwant an OpenBLAS with 32-bit integers; install it with" +
			"\n\tDebian, Ubuntu  apt-get install libopenblas0" +
			"\n\tFedora          dnf install openblas" +
			"\n\tmacOS           brew install openblas")
	}
	s.WriteString("\nor compute in pure Go with " + Variable + "=" + nameGonum)
	return s.String()
}

// Broken are the attempts at shared objects that are there, and cannot be used.
func (e *UnusableError) Broken() []Attempt {
	var broken []Attempt
	for _, t := range e.Tried {
		if !t.Absent {
			broken = append(broken, t)
		}
	}
	return broken
}

func (t Attempt) String() string {
	return t.Path + ": " + strings.TrimPrefix(t.Err.Error(), t.Path+": ")
}

func (e *UnusableError) reason() string {
	if len(e.Tried) == 0 {
		return e.Name + " cannot be loaded"
	}
	return "no usable " + e.Name
}

// Unwrap gives the errors of the attempts.
func (e *UnusableError) Unwrap() []error {
	errs := make([]error, len(e.Tried))
	for i, t := range e.Tried {
		errs[i] = t.Err
	}
	return errs
}

// ChosenError is a choice that comes too late: products were already done by Have.
type ChosenError struct {
	Have, Want string
}

func (e *ChosenError) Error() string {
	return fmt.Sprintf("blas: have chosen %s already, want %s; choose before the first product", e.Have, e.Want)
}

// SelfTestError is a wrong value in the products that a library must get right before it is used.
type SelfTestError struct {
	Product    string // dgemm TN 7×5×3
	Index      int    // into the row-major result
	Have, Want float64
}

func (e *SelfTestError) Error() string {
	return fmt.Sprintf("self-test %s: value %d: have %v, want %v", e.Product, e.Index, e.Have, e.Want)
}

// InterfaceError is a shared object whose functions are not those this package calls.
type InterfaceError struct {
	Have, Want string
}

func (e *InterfaceError) Error() string {
	return fmt.Sprintf("interface: have %s, want %s", e.Have, e.Want)
}
