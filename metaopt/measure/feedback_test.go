package measure

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"metaplast/data/fault"
)

// multiply is the product by its definition.
func multiply(a, b Matrix) Matrix {
	p := Matrix{Rows: a.Rows, Cols: b.Cols, Data: make([]float64, a.Rows*b.Cols)}
	for i := range a.Rows {
		for j := range b.Cols {
			for k := range a.Cols {
				p.Data[i*p.Cols+j] += a.At(i, k) * b.At(k, j)
			}
		}
	}
	return p
}

func diagonal(d []float64) Matrix {
	m := Matrix{Rows: len(d), Cols: len(d), Data: make([]float64, len(d)*len(d))}
	for i, v := range d {
		m.Data[i*len(d)+i] = v
	}
	return m
}

func TestForwardPath(t *testing.T) {
	r := random("path")
	w := []Matrix{gaussianMatrix(r, 4, 6), gaussianMatrix(r, 5, 4), gaussianMatrix(r, 3, 5)}
	gates := [][]float64{gaussian(r, 6), nil, gaussian(r, 5)}
	before := fmt.Sprint(w, gates)
	for _, c := range []struct {
		name  string
		w     []Matrix
		gates [][]float64
		want  Matrix
	}{
		{"one", w[:1], nil, w[0]},
		{"one, gated", w[:1], gates[:1], multiply(w[0], diagonal(gates[0]))},
		{"three", w, nil, multiply(w[2], multiply(w[1], w[0]))},
		{"three, gated", w, gates, multiply(w[2], multiply(diagonal(gates[2]), multiply(w[1], multiply(w[0], diagonal(gates[0])))))},
	} {
		p, err := ForwardPath(c.w, c.gates)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if p.Rows != c.want.Rows || p.Cols != c.want.Cols {
			t.Fatalf("%s: shape %v, want %v", c.name, p.shape(), c.want.shape())
		}
		withinAll(t, c.name, p.Data, c.want.Data, 1e-14) // products of three in another order
		p.Data[0]++
		if fmt.Sprint(w, gates) != before {
			t.Fatalf("%s: input modified, or the result shares its memory", c.name)
		}
	}
}

// With the slopes of relu the path is the Jacobian of a network's output, of the hidden
// layer's activity, of its preactivation, and of the input.
func TestForwardPathIsJacobian(t *testing.T) {
	m := newMLP(t, "jacobian", 1)
	w0 := Matrix{Rows: mlpHidden, Cols: mlpIn, Data: m.w[:mlpHidden*mlpIn]}
	w1 := Matrix{Rows: mlpOut, Cols: mlpHidden, Data: m.w[mlpHidden*mlpIn:]}
	z := m.preactivation(m.w, 0)
	slope := make([]float64, mlpHidden)
	open := 0
	for i, v := range z {
		if v > 0 {
			slope[i] = 1
			open++
		}
	}
	if open == 0 || open == mlpHidden {
		t.Fatalf("%d of %d units are active: choose another seed", open, mlpHidden)
	}
	fromInput := func(x []float64) []float64 {
		h := make([]float64, mlpHidden)
		for i := range h {
			for j, v := range x {
				h[i] += w0.At(i, j) * v
			}
		}
		return m.output(m.w, relu(h))
	}
	for _, c := range []struct {
		name  string
		f     func(at []float64) []float64
		at    []float64
		w     []Matrix
		gates [][]float64
	}{
		{"activity", func(h []float64) []float64 { return m.output(m.w, h) }, relu(z), []Matrix{w1}, nil},
		{"preactivation", func(z []float64) []float64 { return m.output(m.w, relu(z)) }, z, []Matrix{w1}, [][]float64{slope}},
		{"input", fromInput, m.x[0], []Matrix{w0, w1}, [][]float64{nil, slope}},
	} {
		p, err := ForwardPath(c.w, c.gates)
		if err != nil {
			t.Fatal(err)
		}
		const step = 1e-3
		for j := range c.at {
			up, down := slices.Clone(c.at), slices.Clone(c.at)
			up[j] += step
			down[j] -= step
			hi, lo := c.f(up), c.f(down)
			for i := range hi {
				// Piecewise linear: only rounding is left, 1e-16/1e-3.
				within(t, fmt.Sprintf("%s: ∂ŷ_%d of element %d", c.name, i, j), p.At(i, j), (hi[i]-lo[i])/(2*step), 1e-12)
			}
		}
	}
}

func TestForwardPathRefused(t *testing.T) {
	a, b := Matrix{Rows: 2, Cols: 3, Data: make([]float64, 6)}, Matrix{Rows: 1, Cols: 2, Data: make([]float64, 2)}
	huge := Matrix{Rows: 1, Cols: 1, Data: []float64{1e200}}
	for _, c := range []struct {
		name           string
		w              []Matrix
		gates          [][]float64
		want, sentinel error
	}{
		{"none", nil, nil, &TooFewError{What: "weights of the forward path", Got: 0, Need: 1}, ErrTooFew},
		{"top down", []Matrix{b, a}, nil, &ShapeError{Op: "forward path: weights 1", Got: []int{2, 3}, Want: "[any 1]"}, ErrShape},
		{"too few gates", []Matrix{a, b}, [][]float64{nil}, &fault.Length{What: "gates", Got: 1, Want: 2}, fault.ErrLength},
		{"gates of another layer", []Matrix{a, b}, [][]float64{nil, {1, 2, 3}}, &fault.Length{What: "gates", Index: []int{1}, Got: 3, Want: 2}, fault.ErrLength},
		{"gates NaN", []Matrix{a, b}, [][]float64{{1, 2, nan}, nil}, &NonFiniteError{What: "gates", Index: []int{0, 2}, Value: nan}, ErrNonFinite},
		{"overflow", []Matrix{huge, huge}, nil, &NonFiniteError{What: "forward path", Index: []int{0, 0}, Value: inf}, ErrNonFinite},
	} {
		_, err := ForwardPath(c.w, c.gates)
		fails(t, c.name, err, c.want, c.sentinel)
	}
}

func TestFeedbackAngle(t *testing.T) {
	r := random("angle")
	p := gaussianMatrix(r, 3, 5)
	scaled := func(m Matrix, f float64) Matrix { return Matrix{Rows: m.Rows, Cols: m.Cols, Data: times(f, m.Data)} }
	b := gaussianMatrix(r, 5, 3)
	// By the definition, element by element.
	sum, bb, pp := 0.0, 0.0, 0.0
	for i := range 5 {
		for j := range 3 {
			sum += b.At(i, j) * p.At(j, i)
			bb += b.At(i, j) * b.At(i, j)
			pp += p.At(j, i) * p.At(j, i)
		}
	}
	row := func(v ...float64) Matrix { return Matrix{Rows: 1, Cols: len(v), Data: v} }
	for _, c := range []struct {
		name      string
		b, p      Matrix
		want      float64
		tolerance float64
	}{
		{"transpose", p.T(), p, 0, 0},
		{"weight transport, four times", scaled(p.T(), 4), p, 0, 0},
		{"opposite", scaled(p.T(), -1), p, 180, 0},
		{"random", b, p, math.Acos(sum/math.Sqrt(bb*pp)) * 180 / math.Pi, 1e-12}, // arccos far from its ends
		{"right angle", row(1, 0), row(0, 1).T(), 90, 1e-13},                     // two roots, in degrees
		{"45 degrees", row(2, 2), row(0, 1).T(), 45, 1e-13},                      // two roots, in degrees
		{"tiny, where arccos gives 0", row(1, 1e-10), row(1, 0).T(), 1e-10 * 180 / math.Pi, 1e-20},
		{"scale", row(1e300, 1e300), row(0, 1e-300).T(), 45, 1e-13},
		{"zero feedback", row(0, 0), row(0, 1).T(), nan, 0},
		{"zero path", row(1, 0), row(0, 0).T(), nan, 0},
	} {
		before := fmt.Sprint(c.b, c.p)
		got, err := FeedbackAngle(c.b, c.p)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		within(t, c.name, got, c.want, c.tolerance)
		if fmt.Sprint(c.b, c.p) != before {
			t.Error("input modified")
		}
	}
	_, err := FeedbackAngle(p, p)
	fails(t, "not transposed", err, &ShapeError{Op: "feedback angle: feedback", Got: []int{3, 5}, Want: "[5 3]"}, ErrShape)
	for _, c := range []struct{ rows, cols int }{{5, 2}, {4, 3}} {
		_, err = FeedbackAngle(gaussianMatrix(r, c.rows, c.cols), p)
		fails(t, "one side fits", err, &ShapeError{Op: "feedback angle: feedback", Got: []int{c.rows, c.cols}, Want: "[5 3]"}, ErrShape)
	}
	// The same number of elements is not the same shape.
	_, err = FeedbackAngle(Matrix{Rows: 15, Cols: 1, Data: p.Data}, p)
	fails(t, "flat", err, &ShapeError{Op: "feedback angle: feedback", Got: []int{15, 1}, Want: "[5 3]"}, ErrShape)
}

// The documented use for layered weights: their chain, transposed, is direct feedback.
func TestLayeredFeedback(t *testing.T) {
	r := random("layered")
	b := []Matrix{gaussianMatrix(r, 4, 6), gaussianMatrix(r, 3, 4)} // shapes of W_1, W_2
	s := Matrix{Rows: 1, Cols: 3, Data: gaussian(r, 3)}
	layered := multiply(multiply(s, b[1]), b[0]) // f_{l−1} = f_l B_l, twice
	chain, err := ForwardPath(b, nil)
	if err != nil {
		t.Fatal(err)
	}
	direct := chain.T()                                                         // [n,n_L], as in f = s Bᵀ
	withinAll(t, "feedback", multiply(s, direct.T()).Data, layered.Data, 1e-14) // sums in another order
}
