package measure

import (
	"fmt"
	"math"
	"testing"
)

// rotation mixes rows i and j of a matrix, which changes no singular value.
func rotation(n, i, j int, angle float64) Matrix {
	q := diagonal(ones(n))
	c, s := math.Cos(angle), math.Sin(angle)
	q.Data[i*n+i], q.Data[j*n+j] = c, c
	q.Data[i*n+j], q.Data[j*n+i] = -s, s
	return q
}

func ones(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = 1
	}
	return v
}

// turned returns a full rows×cols matrix with the given singular values.
func turned(rows, cols int, singular ...float64) Matrix {
	m := Matrix{Rows: rows, Cols: cols, Data: make([]float64, rows*cols)}
	for i, v := range singular {
		m.Data[i*cols+i] = v
	}
	for k := range 3 {
		for i := range rows {
			m = multiply(rotation(rows, i, (i+1+k)%rows, 0.3+float64(i)), m)
		}
		for i := range cols {
			m = multiply(m, rotation(cols, i, (i+1+k)%cols, 0.7+float64(i)))
		}
	}
	return m
}

func TestMatrixRank(t *testing.T) {
	r := random("rank")
	outer := multiply(Matrix{Rows: 7, Cols: 1, Data: gaussian(r, 7)}, Matrix{Rows: 1, Cols: 9, Data: gaussian(r, 9)})
	// σ = 4, 2, 2: p = 1/2, 1/4, 1/4, entropy (3/2) log 2.
	for _, c := range []struct {
		name              string
		m                 Matrix
		effective, stable float64
		tolerance         float64 // singular values are good to a few 1e-16·σ_1
	}{
		{"one element", Matrix{Rows: 1, Cols: 1, Data: []float64{-3}}, 1, 1, 1e-15},
		{"row", Matrix{Rows: 1, Cols: 4, Data: []float64{1, 2, 3, 4}}, 1, 1, 1e-15},
		{"outer product", outer, 1, 1, 1e-13}, // 6 spurious values, each worth σ log σ
		{"zero singular values", diagonal([]float64{0, 3, 0}), 1, 1, 0},
		{"identity", diagonal(ones(6)), 6, 6, 1e-13},
		{"negative multiple of it", diagonal(times(-0.3, ones(6))), 6, 6, 1e-13},
		{"4 2 2", diagonal([]float64{2, -4, 2}), math.Pow(2, 1.5), 1.5, 1e-13},
		{"4 2 2, wide and turned", turned(4, 6, 4, 2, 2), math.Pow(2, 1.5), 1.5, 1e-13},
		{"4 2 2, tall and turned", turned(6, 4, 4, 2, 2), math.Pow(2, 1.5), 1.5, 1e-13},
		{"squares that overflow", diagonal([]float64{2e300, -4e300, 2e300}), math.Pow(2, 1.5), 1.5, 1e-13},
		{"squares that underflow", diagonal([]float64{2e-300, -4e-300, 2e-300}), math.Pow(2, 1.5), 1.5, 1e-13},
		{"zero", Matrix{Rows: 3, Cols: 2, Data: make([]float64, 6)}, nan, nan, 0},
	} {
		before := fmt.Sprint(c.m)
		got, err := MatrixRank(c.m)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		within(t, c.name+": effective", got.Effective, c.effective, c.tolerance)
		within(t, c.name+": stable", got.Stable, c.stable, c.tolerance)
		if len(got.Singular) != min(c.m.Rows, c.m.Cols) {
			t.Errorf("%s: %d singular values", c.name, len(got.Singular))
		}
		if fmt.Sprint(c.m) != before {
			t.Errorf("%s: input modified", c.name)
		}
	}
	got, err := MatrixRank(turned(4, 6, 2, 4, 0.5))
	if err != nil {
		t.Fatal(err)
	}
	withinAll(t, "singular values", got.Singular, []float64{4, 2, 0.5, 0}, 1e-14) // a few roundings of 4
}

// ‖M‖_F² = Σ σ², and ‖M‖_2 by power iteration, which knows nothing of decompositions.
func TestStableRankByNorms(t *testing.T) {
	r := random("rank/norms")
	for _, shape := range [][2]int{{3, 8}, {8, 3}, {5, 5}} {
		m := gaussianMatrix(r, shape[0], shape[1])
		frobenius := 0.0
		for _, v := range m.Data {
			frobenius += v * v
		}
		v := Matrix{Rows: m.Cols, Cols: 1, Data: gaussian(r, m.Cols)}
		spectral := 0.0
		for range 3000 {
			v = multiply(m.T(), multiply(m, v))
			spectral = math.Sqrt(multiply(v.T(), v).Data[0])
			v.Data = times(1/spectral, v.Data)
		}
		got, err := MatrixRank(m)
		if err != nil {
			t.Fatal(err)
		}
		within(t, "stable rank", got.Stable, frobenius/spectral, 1e-10) // the iteration's convergence
		if !(1 < got.Stable && got.Stable < got.Effective && got.Effective < float64(min(m.Rows, m.Cols))) {
			t.Errorf("1 < %v < %v < %d does not hold", got.Stable, got.Effective, min(m.Rows, m.Cols))
		}
	}
}

func TestMatrixRankOverflow(t *testing.T) {
	m := math.MaxFloat64
	_, err := MatrixRank(Matrix{Rows: 2, Cols: 2, Data: []float64{m, m, m, m}})
	fails(t, "overflow", err, &NonFiniteError{What: "singular values", Index: []int{0}, Value: inf}, ErrNonFinite)
}
