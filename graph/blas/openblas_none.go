//go:build !((amd64 || arm64) && ((linux && !android) || darwin || (freebsd && cgo)))

package blas

var candidates []string

// openOpenBLAS: there is no way of loading a shared object on this system.
func openOpenBLAS([]string) (*Library, error) { return nil, &UnusableError{Name: nameOpenBLAS} }
