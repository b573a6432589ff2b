//go:build !race

package op_test

const race = false
