//go:build !race

package graphtest

const Race = false
