package blas

import "sync"

const (
	nameOpenBLAS = "openblas"
	nameGonum    = "gonum"
	nameAuto     = "auto" // of Use and the environment: leaves the choice to the package
)

// Variable is the environment variable that chooses the library of the process; see Default.
const Variable = "METAPLAST_BLAS"

// Names are the names Open takes, the preferred first. Use and the environment also take
// auto.
func Names() []string { return []string{nameOpenBLAS, nameGonum} }

var (
	openBLASOnce = sync.OnceValues(func() (*Library, error) { return openOpenBLAS(candidates) })
	gonumOnce    = sync.OnceValues(func() (*Library, error) {
		return &Library{name: nameGonum, impl: gonumProducts{}}, nil
	})
)

// Open gives one library, whatever the process has chosen: for tests and benchmarks that
// compare the two. The first call loads it and the others get the same value or the same
// error: *UnknownError for a name that is not in Names, *UnusableError for a library that is
// absent, has the wrong interface, or fails its self-test.
func Open(name string) (*Library, error) {
	switch name {
	case nameOpenBLAS:
		return openBLASOnce()
	case nameGonum:
		return gonumOnce()
	}
	return nil, &UnknownError{Name: name, Want: Names()}
}
