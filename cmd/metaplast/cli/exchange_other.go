//go:build !linux

package cli

// exchange swaps two folders.
func exchange(a, b string) error { return exchangeByRenames(a, b) }
