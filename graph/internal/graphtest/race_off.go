//go:build !race

package graphtest

// Race says that the detector is off.
const Race = false
