//go:build !amd64

package op

// UseKernels does nothing: there is one set.
func UseKernels(string) (restore func()) { return func() {} }
