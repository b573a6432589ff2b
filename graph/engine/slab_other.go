//go:build !linux

package engine

func advise[F float32 | float64]([]F) {}
