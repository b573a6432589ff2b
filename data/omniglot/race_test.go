//go:build race

package omniglot

func init() { raceEnabled = true }
