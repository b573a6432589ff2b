package measure

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// Number is a float64 that JSON can hold in any case: what JSON has no number for is one of
// the strings "NaN", "+Inf" and "-Inf". Finite numbers are in the shortest form that reads
// back as the same float64.
type Number float64

// Numbers is a list of them: Number's JSON, with the type of a plain slice.
type Numbers []float64

// Table is a list of lists of them.
type Table [][]float64

var (
	_ json.Marshaler   = Number(0)
	_ json.Unmarshaler = (*Number)(nil)
	_ json.Marshaler   = Numbers(nil)
	_ json.Unmarshaler = (*Numbers)(nil)
	_ json.Marshaler   = Table(nil)
	_ json.Unmarshaler = (*Table)(nil)
)

// MarshalJSON never fails.
func (n Number) MarshalJSON() ([]byte, error) {
	f := float64(n)
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		text = `"` + text + `"`
	}
	return []byte(text), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (n *Number) UnmarshalJSON(text []byte) error {
	f, err := strconv.ParseFloat(strings.Trim(string(text), `"`), 64)
	*n = Number(f)
	return err
}

// String shows a number to people.
func (n Number) String() string { return strconv.FormatFloat(float64(n), 'g', 4, 64) }

// Brief shows a number in three significant digits and at most 8 characters, for tables: "0.0900",
// "-0.105", "12300", and where that is longer in two, "-1.2e+05", or one, "1e-100".
func (n Number) Brief() string {
	f := float64(n)
	if f-f != 0 || f == 0 { // not finite
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	text := strconv.FormatFloat(f, 'e', 2, 64)
	_, exponent, _ := strings.Cut(text, "e")
	e, _ := strconv.Atoi(exponent) // of FormatFloat's own making, after rounding
	switch {
	case e <= -100 || e >= 100:
		return strconv.FormatFloat(f, 'e', 0, 64)
	case e < -3 || e >= 5:
		return strconv.FormatFloat(f, 'e', 1, 64)
	}
	rounded, _ := strconv.ParseFloat(text, 64)
	return strconv.FormatFloat(rounded, 'f', max(0, 2-e), 64)
}

// MarshalJSON never fails; nil is null.
func (n Numbers) MarshalJSON() ([]byte, error) { return json.Marshal(n.numbers()) }

// UnmarshalJSON reads what MarshalJSON writes.
func (n *Numbers) UnmarshalJSON(text []byte) error {
	var list []Number
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	*n = plain(list)
	return nil
}

func (n Numbers) numbers() []Number {
	if n == nil {
		return nil
	}
	list := make([]Number, len(n))
	for i, v := range n {
		list[i] = Number(v)
	}
	return list
}

func plain(list []Number) []float64 {
	if list == nil {
		return nil
	}
	p := make([]float64, len(list))
	for i, v := range list {
		p[i] = float64(v)
	}
	return p
}

// MarshalJSON never fails; nil is null.
func (t Table) MarshalJSON() ([]byte, error) {
	if t == nil {
		return []byte("null"), nil
	}
	rows := make([][]Number, len(t))
	for i, row := range t {
		rows[i] = Numbers(row).numbers()
	}
	return json.Marshal(rows)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (t *Table) UnmarshalJSON(text []byte) error {
	var rows [][]Number
	if err := json.Unmarshal(text, &rows); err != nil {
		return err
	}
	*t = nil
	if rows != nil {
		*t = make(Table, len(rows))
	}
	for i, row := range rows {
		(*t)[i] = plain(row)
	}
	return nil
}
