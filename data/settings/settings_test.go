package settings

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"metaplast/data/fault"
)

type good struct {
	Rate   float64 `yaml:"rate" range:"from 0" about:"how fast"`
	hidden int
	Widths []int `yaml:"widths"`
	Loss   error
}

func (g good) Validate() error {
	var f fault.Fields
	f.Check(g.Rate >= 0, "rate", g.Rate, "from 0")
	if len(g.Widths) > 2 {
		f = append(f, errors.New("too deep"))
	}
	return f.Join()
}

// TestFields: settings are the fields with a key, of structs and pointers to them.
func TestFields(t *testing.T) {
	for _, v := range []any{good{Rate: 2, hidden: 1}, &good{Rate: 2}} {
		if keys := fmt.Sprint(Keys(v)); keys != "[rate widths]" {
			t.Errorf("%T: keys %s", v, keys)
		}
		if have := Text(v); have != "rate 2, widths []" {
			t.Errorf("%T: %q", v, have)
		}
	}
	for _, v := range []any{nil, 3, struct{ A int }{}, fmt.Errorf} {
		if keys := Keys(v); len(keys) > 0 || Check(v) != nil {
			t.Errorf("%T has settings: %v, %v", v, keys, Check(v))
		}
	}
}

// TestCheck: what cannot be a setting is refused when a value is registered, and so are bad defaults.
func TestCheck(t *testing.T) {
	for want, v := range map[string]any{
		"":                                good{},
		"rate: -1, want from 0":           good{Rate: -1},
		"rate: -2, want from 0\ntoo deep": &good{Rate: -2, Widths: []int{1, 2, 3}},
		"a: float32, want string, int, uint64, float64, bool, []int, []float64, []string, map[string]float64 or the interface of a catalog's entries": struct {
			A float32 `yaml:"a"`
		}{},
		"a: field a, want an exported field": struct {
			a int `yaml:"a"`
		}{},
		"name: field A, want a key of its own that is not name": struct {
			A int `yaml:"name"`
		}{},
		"a: field B, want a key of its own that is not name": struct {
			A int `yaml:"a"`
			B int `yaml:"a"`
		}{},
	} {
		if err := Check(v); (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("%#v: %v\nwant %s", v, err, want)
		}
	}
}

// TestValidate: the fields of faults get a path.
func TestValidate(t *testing.T) {
	err := Validate("meta.optimizer", good{Rate: -1, Widths: make([]int, 3)})
	if err == nil || err.Error() != "meta.optimizer.rate: -1, want from 0\nmeta.optimizer: too deep" {
		t.Errorf("%v", err)
	}
	if err := Validate("a", 3); err != nil || Validate("a", nil) != nil || strings.Contains(fmt.Sprint(err), "a") {
		t.Errorf("%v", err)
	}
}
