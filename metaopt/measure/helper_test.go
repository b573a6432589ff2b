package measure

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"metaplast/data/stream"
)

var (
	nan = math.NaN()
	inf = math.Inf(1)
)

// within fails unless got is want within a tolerance; NaN is within any of NaN.
func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) && math.IsNaN(want) {
		return
	}
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %v, want %v within %.1g", what, got, want, tolerance)
	}
}

func withinAll(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d elements, want %d", what, len(got), len(want))
		return
	}
	for i := range got {
		within(t, fmt.Sprintf("%s %d", what, i), got[i], want[i], tolerance)
	}
}

func withinTable(t *testing.T, what string, got, want [][]float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d rows, want %d", what, len(got), len(want))
		return
	}
	for i := range got {
		withinAll(t, fmt.Sprintf("%s row %d, column", what, i), got[i], want[i], tolerance)
	}
}

// fails fails unless err is want, of the same type with the same fields.
func fails(t *testing.T, what string, err, want, sentinel error) {
	t.Helper()
	if !errors.Is(err, sentinel) {
		t.Errorf("%s: error %v, want %v", what, err, sentinel)
		return
	}
	// NaN is unequal to itself: print, with types.
	if got, want := fmt.Sprintf("%T %+v %v", err, reflect.ValueOf(err).Elem(), err), fmt.Sprintf("%T %+v %v", want, reflect.ValueOf(want).Elem(), want); got != want {
		t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

func random(name string) *rand.Rand { return stream.New(1, "test/"+name, 0, 0) }

func gaussian(r *rand.Rand, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = r.NormFloat64()
	}
	return v
}

func gaussianMatrix(r *rand.Rand, rows, cols int) Matrix {
	return Matrix{Rows: rows, Cols: cols, Data: gaussian(r, rows*cols)}
}

func times(f float64, v []float64) []float64 {
	w := make([]float64, len(v))
	for i := range v {
		w[i] = f * v[i]
	}
	return w
}

func plus(a, b []float64) []float64 {
	w := make([]float64, len(a))
	for i := range a {
		w[i] = a[i] + b[i]
	}
	return w
}

// mlp is a network 3 → 5 relu → 2 without biases, by loops, and tasks with data for it.
type mlp struct {
	w    []float64 // W_0 [5,3] and W_1 [2,5], end to end
	x, y [][]float64
}

const mlpIn, mlpHidden, mlpOut = 3, 5, 2

// newMLP draws weights and n tasks of one example each.
func newMLP(t *testing.T, name string, n int) *mlp {
	t.Helper()
	r := random(name)
	m := &mlp{w: times(0.7, gaussian(r, mlpHidden*mlpIn+mlpOut*mlpHidden))}
	for range n {
		m.x = append(m.x, gaussian(r, mlpIn))
		m.y = append(m.y, gaussian(r, mlpOut))
	}
	for k := range m.x {
		for i, z := range m.preactivation(m.w, k) {
			if math.Abs(z) < 0.02 {
				t.Fatalf("task %d: unit %d is %v from its kink: choose another seed", k, i, z)
			}
		}
	}
	return m
}

func (m *mlp) preactivation(w []float64, task int) []float64 {
	z := make([]float64, mlpHidden)
	for i := range z {
		for j, x := range m.x[task] {
			z[i] += w[i*mlpIn+j] * x
		}
	}
	return z
}

// output maps the activity of the hidden layer to the output.
func (m *mlp) output(w, h []float64) []float64 {
	o := make([]float64, mlpOut)
	for i := range o {
		for j, v := range h {
			o[i] += w[mlpHidden*mlpIn+i*mlpHidden+j] * v
		}
	}
	return o
}

func relu(z []float64) []float64 {
	h := make([]float64, len(z))
	for i, v := range z {
		h[i] = max(0, v)
	}
	return h
}

// loss is half the squared error of one task.
func (m *mlp) loss(w []float64, task int) float64 {
	sum := 0.0
	for i, o := range m.output(w, relu(m.preactivation(w, task))) {
		sum += (o - m.y[task][i]) * (o - m.y[task][i]) / 2
	}
	return sum
}

// gradient is by central differences. The loss is quadratic in any one weight as long as no
// unit crosses its kink, so only rounding is left: about 1e-16/1e-4.
func (m *mlp) gradient(task int) []float64 {
	const step = 1e-4
	g := make([]float64, len(m.w))
	w := append([]float64(nil), m.w...)
	for i, v := range m.w {
		w[i] = v + step
		up := m.loss(w, task)
		w[i] = v - step
		g[i] = (up - m.loss(w, task)) / (2 * step)
		w[i] = v
	}
	return g
}
