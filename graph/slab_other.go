//go:build !linux

package graph

func advise[F float32 | float64]([]F) {}
