package measure

import (
	"strconv"

	"metaplast/data/fault"
)

// Matrix is a dense matrix, row after row. The zero value is illegal everywhere.
type Matrix struct {
	Rows, Cols int       // both at least 1
	Data       []float64 // Rows·Cols elements; element (i, j) is Data[i·Cols+j]
}

// At returns element (i, j). It panics where there is none.
func (m Matrix) At(i, j int) float64 { return m.Row(i)[j] }

// Row returns row i, not a copy. It panics where there is none.
func (m Matrix) Row(i int) []float64 { return m.Data[i*m.Cols : (i+1)*m.Cols : (i+1)*m.Cols] }

// T returns the transpose, a copy.
func (m Matrix) T() Matrix {
	t := Matrix{Rows: m.Cols, Cols: m.Rows, Data: make([]float64, len(m.Data))}
	for i := range m.Rows {
		for j, v := range m.Row(i) {
			t.Data[j*t.Cols+i] = v
		}
	}
	return t
}

func (m Matrix) shape() []int { return []int{m.Rows, m.Cols} }

// check refuses an empty matrix, data that do not fill it, and elements that are not finite.
func (m Matrix) check(what string) error {
	if m.Rows < 1 || m.Cols < 1 {
		return &ShapeError{Op: what, Got: m.shape(), Want: "at least [1 1]"}
	}
	if len(m.Data) != m.Rows*m.Cols {
		return &fault.Length{What: "data of " + what, Got: len(m.Data), Want: m.Rows * m.Cols}
	}
	for i := range m.Rows {
		if err := finite(what, m.Row(i), i); err != nil {
			return err
		}
	}
	return nil
}

// wanted prints a shape in which −1 stands for any number.
func wanted(rows, cols int) string {
	name := func(n int) string {
		if n < 0 {
			return "any"
		}
		return strconv.Itoa(n)
	}
	return "[" + name(rows) + " " + name(cols) + "]"
}
