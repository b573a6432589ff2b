//go:build race

package graphtest

// Race says that the detector is on, under which pools, such as those of calls to OpenBLAS,
// drop what they are given at random.
const Race = true
