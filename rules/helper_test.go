package rules_test

import (
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data/stream"
	"metaplast/graph/engine"
	"metaplast/graph/op"
	"metaplast/rules"
)

// The tests of this package compare nodes with the same formulas written for matrices of
// float64, element by element.

// exact is the tolerance of formulas that differ in the order of a sum at most.
const exact = 1e-14

// matrix is rows of numbers.
type matrix [][]float64

func zeros(rows, cols int) matrix {
	m := make(matrix, rows)
	for i := range m {
		m[i] = make([]float64, cols)
	}
	return m
}

// each is a new matrix of the shape of m.
func (m matrix) each(f func(i, j int) float64) matrix {
	c := zeros(len(m), len(m[0]))
	for i := range c {
		for j := range c[i] {
			c[i][j] = f(i, j)
		}
	}
	return c
}

func (m matrix) transposed() matrix {
	return zeros(len(m[0]), len(m)).each(func(i, j int) float64 { return m[j][i] })
}

func (m matrix) times(o matrix) matrix {
	return zeros(len(m), len(o[0])).each(func(i, j int) float64 {
		s := 0.0
		for k := range o {
			s += m[i][k] * o[k][j]
		}
		return s
	})
}

func (m matrix) plus(row []float64) matrix {
	return m.each(func(i, j int) float64 { return m[i][j] + row[j] })
}

func (m matrix) relu() matrix {
	return m.each(func(i, j int) float64 { return math.Max(m[i][j], 0) })
}

// where keeps the elements whose counterpart in h is positive.
func (m matrix) where(h matrix) matrix {
	return m.each(func(i, j int) float64 {
		if h[i][j] > 0 {
			return m[i][j]
		}
		return 0
	})
}

func normal(name string, rows, cols int) matrix {
	r := stream.New(1, "test/rules/"+name, 0, 0)
	return zeros(rows, cols).each(func(int, int) float64 { return r.NormFloat64() })
}

// bench is a graph to put nodes into.
type bench struct {
	*testing.T
	b *op.Builder
}

func newBench(t *testing.T) bench { return bench{t, op.New(tensor.Float64)} }

// matrix binds a matrix.
func (w bench) matrix(name string, m matrix) *G.Node {
	w.Helper()
	var data []float64
	for _, row := range m {
		data = append(data, row...)
	}
	return w.bind(name, data, len(m), len(m[0]))
}

// vector binds a vector.
func (w bench) vector(name string, v []float64) *G.Node {
	w.Helper()
	return w.bind(name, append([]float64(nil), v...), len(v))
}

func (w bench) bind(name string, data []float64, shape ...int) *G.Node {
	w.Helper()
	n := w.b.Input(name, shape...)
	if n == nil {
		w.Fatal(w.b.Err())
	}
	if err := G.Let(n, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))); err != nil {
		w.Fatal(err)
	}
	return n
}

// run computes nodes.
func (w bench) run(nodes ...*G.Node) {
	w.Helper()
	vm, err := engine.Sequential(w.b, nodes)
	if err != nil {
		w.Fatal(err)
	}
	if err := vm.RunAll(); err != nil {
		w.Fatal(err)
	}
}

// equal compares the value of a node that has been run.
func (w bench) equal(what string, have *G.Node, want matrix) {
	w.Helper()
	w.within(what, have, want, exact)
}

// within is equal for formulas that are further apart than the order of one sum.
func (w bench) within(what string, have *G.Node, want matrix, tolerance float64) {
	w.Helper()
	s := have.Shape()
	if len(s) != 2 || s[0] != len(want) || s[1] != len(want[0]) {
		w.Errorf("%s: shape %v: want [%d,%d]", what, s, len(want), len(want[0]))
		return
	}
	data := have.Value().Data().([]float64)
	for i, row := range want {
		for j, x := range row {
			if got := data[i*len(row)+j]; !(math.Abs(got-x) <= tolerance*(1+math.Abs(x))) {
				w.Errorf("%s[%d,%d]: %.17g: want %.17g", what, i, j, got, x)
			}
		}
	}
}

// stack is three layers on top of each other, 3-4-2-3 units, for five examples, as a
// pathway sees them, with the matrices behind it.
type stack struct {
	bench
	s       matrix
	w, h, B []matrix
	c       [][]float64
	top     rules.TopDown
}

var sizes = []int{3, 4, 2, 3}

// newStack binds a stack and the weights that the pathway asks for. All layers but the last
// are relu.
func newStack(t *testing.T, p rules.Pathway, set func(*rules.TopDown)) *stack {
	t.Helper()
	return newStackOf(t, p, op.Relu, matrix.relu, set)
}

// newStackOf is newStack with another activation, which is phi of a matrix.
func newStackOf(t *testing.T, p rules.Pathway, activation op.Activation, phi func(matrix) matrix, set func(*rules.TopDown)) *stack {
	t.Helper()
	const n = 5
	k := &stack{bench: newBench(t), s: normal("s", n, sizes[3])}
	k.top.Signal = k.matrix("s", k.s)
	var dims []rules.Dims
	for l := range 3 {
		dims = append(dims, rules.Dims{In: sizes[l], Out: sizes[l+1], Plastic: true})
	}
	if set != nil {
		set(&k.top)
	}
	for l, d := range dims {
		name := string(rune('0' + l))
		w, h := normal("W"+name, d.Out, d.In), normal("h"+name, n, d.Out)
		if l < 2 {
			h = phi(h)
		}
		k.w, k.h = append(k.w, w), append(k.h, h)
		layer := rules.Layer{Dims: d, W: k.matrix("W"+name, w), H: k.matrix("h"+name, h)}
		if l < 2 {
			layer.Activation = activation
		}
		want := p.Weights(dims, l, k.top.Clamped)
		if want.B == nil {
			k.B, k.c = append(k.B, nil), append(k.c, nil)
		} else {
			b, c := normal("B"+name, want.B[0], want.B[1]), normal("c"+name, 1, want.C[0])[0]
			k.B, k.c = append(k.B, b), append(k.c, c)
			layer.B, layer.C = k.matrix("B"+name, b), k.vector("c"+name, c)
		}
		k.top.Layers = append(k.top.Layers, layer)
	}
	return k
}

// compare runs a pathway and compares f_l; nil stands for none.
func (k *stack) compare(p rules.Pathway, want ...matrix) {
	k.Helper()
	f := p.Feedback(k.b, k.top)
	if err := k.b.Err(); err != nil {
		k.Fatal(err)
	}
	if len(f) != len(want) {
		k.Fatalf("feedback for %d layers: want %d", len(f), len(want))
	}
	var nodes []*G.Node
	for _, n := range f {
		if n != nil {
			nodes = append(nodes, n)
		}
	}
	k.run(nodes...)
	for l := range want {
		switch {
		case f[l] == nil && want[l] == nil:
		case f[l] == nil || want[l] == nil:
			k.Errorf("layer %d: feedback %v: want %v", l, f[l], want[l])
		default:
			k.equal("f"+string(rune('0'+l)), f[l], want[l])
		}
	}
}
