// Package graphtest is what the tests of the engine and of whole episodes share: seeded numbers,
// bound inputs, comparisons, central differences and an op that is not of package op.
package graphtest

import (
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data/stream"
	"metaplast/graph/engine"
	"metaplast/graph/op"
)

// Normals are seeded numbers.
func Normals(name string, n int, scale float64) []float64 {
	r := stream.New(1, "test/graph/"+name, 0, 0)
	x := make([]float64, n)
	for i := range x {
		x[i] = scale * r.NormFloat64()
	}
	return x
}

// Bound makes an input node that holds data, without a copy.
func Bound(t testing.TB, b *op.Builder, name string, data []float64, shape ...int) *G.Node {
	t.Helper()
	n := b.Input(name, shape...)
	if n == nil {
		t.Fatal(b.Err())
	}
	if err := G.Let(n, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))); err != nil {
		t.Fatal(err)
	}
	return n
}

// Evaluate runs nodes of a float64 graph and copies their values.
func Evaluate(t testing.TB, b *op.Builder, nodes ...*G.Node) [][]float64 {
	t.Helper()
	if err := b.Err(); err != nil {
		t.Fatal(err)
	}
	vm, err := engine.Sequential(b, nodes)
	if err != nil {
		t.Fatal(err)
	}
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	var values [][]float64
	for _, n := range nodes {
		values = append(values, append([]float64(nil), n.Value().Data().([]float64)...))
	}
	return values
}

// Gradients is engine.Grad for tests where every derivative must exist.
func Gradients(t testing.TB, b *op.Builder, cost *G.Node, wrt ...*G.Node) []*G.Node {
	t.Helper()
	g, err := engine.Grad(b, cost, wrt...)
	if err != nil {
		t.Fatal(err)
	}
	for i := range g {
		if g[i] == nil {
			t.Fatalf("no path from %v to the cost", wrt[i])
		}
	}
	return g
}

// Differences compares a claimed gradient of a cost by bound data with central differences,
// extrapolated from two steps. What is left of their error is about 1e-11.
func Differences(t testing.TB, what string, f func() float64, at, claimed []float64) {
	t.Helper()
	DifferencesBy(t, what, f, at, claimed, 1e-3, 1e-9)
}

// DifferencesBy does it with steps h and h/2, to a tolerance. Smaller steps leave more rounding
// and meet fewer kinks of relu.
func DifferencesBy(t testing.TB, what string, f func() float64, at, claimed []float64, h, tolerance float64) {
	t.Helper()
	scale := 1e-3
	for _, g := range claimed {
		scale = math.Max(scale, math.Abs(g))
	}
	for i, x := range at {
		central := func(h float64) float64 {
			at[i] = x + h
			up := f()
			at[i] = x - h
			down := f()
			at[i] = x
			return (up - down) / (2 * h)
		}
		if want := (4*central(h/2) - central(h)) / 3; !(math.Abs(claimed[i]-want) <= tolerance*scale) {
			t.Errorf("%s[%d]: gradient %.12g, central differences %.12g", what, i, claimed[i], want)
		}
	}
}

// CloseTo compares arrays to a tolerance relative to the largest element.
func CloseTo(t testing.TB, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d elements: want %d", what, len(got), len(want))
	}
	scale := 0.0
	for _, w := range want {
		scale = math.Max(scale, math.Abs(w))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= tolerance*scale) {
			t.Errorf("%s[%d]: %.17g: want %.17g", what, i, got[i], want[i])
		}
	}
}

// SameBits compares arrays exactly.
func SameBits(t testing.TB, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d elements: want %d", what, len(got), len(want))
	}
	for i := range want {
		if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
			t.Errorf("%s[%d]: %v: want the bits of %v", what, i, got[i], want[i])
			return
		}
	}
}

// Times is s·x.
func Times(x []float64, s float64) []float64 {
	y := make([]float64, len(x))
	for i := range x {
		y[i] = s * x[i]
	}
	return y
}
