package measure

import (
	"slices"
	"testing"

	"metaplast/data/fault"
)

func TestMatrix(t *testing.T) {
	m := Matrix{Rows: 2, Cols: 3, Data: []float64{1, 2, 3, 4, 5, 6}}
	if m.At(0, 2) != 3 || m.At(1, 0) != 4 || !slices.Equal(m.Row(1), []float64{4, 5, 6}) {
		t.Errorf("%v, %v, %v", m.At(0, 2), m.At(1, 0), m.Row(1))
	}
	tr := m.T()
	if tr.Rows != 3 || tr.Cols != 2 || !slices.Equal(tr.Data, []float64{1, 4, 2, 5, 3, 6}) {
		t.Errorf("transpose %+v", tr)
	}
	tr.Data[0] = 9
	if m.Data[0] != 1 {
		t.Error("the transpose shares memory")
	}
	if got := wanted(-1, 4); got != "[any 4]" {
		t.Errorf("wanted prints %s", got)
	}
}

// Every function of a matrix refuses what is none.
func TestMatricesRefused(t *testing.T) {
	good := Matrix{Rows: 1, Cols: 1, Data: []float64{1}}
	for _, f := range []struct {
		what string
		f    func(Matrix) error
	}{
		{"activity", func(m Matrix) error { _, err := DeadUnits(m); return err }},
		{"activity", func(m Matrix) error { _, err := Activity(m); return err }},
		{"feedback", func(m Matrix) error { _, err := FeedbackAngle(m, good); return err }},
		{"forward path", func(m Matrix) error { _, err := FeedbackAngle(good, m); return err }},
		{"forward path: weights 1", func(m Matrix) error { _, err := ForwardPath([]Matrix{good, m}, nil); return err }},
		{"matrix", func(m Matrix) error { _, err := MatrixRank(m); return err }},
	} {
		for _, c := range []struct {
			m              Matrix
			want, sentinel error
		}{
			{Matrix{}, &ShapeError{Op: f.what, Got: []int{0, 0}, Want: "at least [1 1]"}, ErrShape},
			{Matrix{Rows: 2}, &ShapeError{Op: f.what, Got: []int{2, 0}, Want: "at least [1 1]"}, ErrShape},
			{Matrix{Cols: 2}, &ShapeError{Op: f.what, Got: []int{0, 2}, Want: "at least [1 1]"}, ErrShape},
			{Matrix{Rows: -2, Cols: -1, Data: []float64{1, 2}}, &ShapeError{Op: f.what, Got: []int{-2, -1}, Want: "at least [1 1]"}, ErrShape},
			{Matrix{Rows: 2, Cols: 3, Data: []float64{1, 2, 3, 4, 5}}, &fault.Length{What: "data of " + f.what, Got: 5, Want: 6}, fault.ErrLength},
			{Matrix{Rows: 2, Cols: 2, Data: []float64{1, 2, 3, 4, 5}}, &fault.Length{What: "data of " + f.what, Got: 5, Want: 4}, fault.ErrLength},
			{Matrix{Rows: 2, Cols: 2, Data: []float64{1, 2, nan, 4}}, &NonFiniteError{What: f.what, Index: []int{1, 0}, Value: nan}, ErrNonFinite},
		} {
			fails(t, f.what, f.f(c.m), c.want, c.sentinel)
		}
	}
}
