//go:build !linux

package outfolder

// exchange swaps two folders.
func exchange(a, b string) error { return exchangeByRenames(a, b) }
