package settings

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"metaplast/data/fault"
)

// part is the interface of a catalog's entries, of which there are whole, a part made of parts, and leaf.
type part interface{ part() string }

type leaf struct {
	Rate float64 `yaml:"rate"`
}

func (leaf) part() string { return "leaf" }

func (l leaf) Validate() error {
	var f fault.Fields
	f.Check(l.Rate >= 0, "rate", l.Rate, "from 0")
	return f.Join()
}

type whole struct {
	Of      part               `yaml:"of"`
	Numbers map[string]float64 `yaml:"numbers"`
	Rates   []float64          `yaml:"rates"`
	Words   []string           `yaml:"words"`
	asked   *int
}

func (*whole) part() string { return "whole" }

func (w *whole) Validate() error {
	if w.asked != nil {
		*w.asked++
	}
	var f fault.Fields
	f.Check(len(w.Rates) < 2, "rates", len(w.Rates), "at most one")
	return f.Join()
}

type parts struct{}

func (parts) Kind() string             { return "part" }
func (parts) Names() []string          { return []string{"leaf", "whole"} }
func (parts) NameOf(entry any) string  { return entry.(part).part() }
func (parts) Find(string) (any, error) { return leaf{Rate: 1}, nil }

func init() { Announce(reflect.TypeFor[part](), parts{}) }

// TestAnnounce: the first source of a type stays, and a type that is no interface has none.
func TestAnnounce(t *testing.T) {
	type other struct{ parts }
	Announce(reflect.TypeFor[part](), other{})
	Announce(reflect.TypeFor[leaf](), parts{})
	if have := SourceOf(reflect.TypeFor[part]()); have != (parts{}) {
		t.Errorf("%T", have)
	}
	if have := SourceOf(reflect.TypeFor[leaf]()); have != nil {
		t.Errorf("%T", have)
	}
}

// TestNestedCheck: an entry may be a setting, and is checked with the value that it is in.
func TestNestedCheck(t *testing.T) {
	deep := part(leaf{})
	for range MaxDepth + 1 {
		deep = &whole{Of: deep}
	}
	for want, v := range map[string]any{
		"":                              &whole{Of: &whole{Of: leaf{}}, Words: []string{"a"}},
		"of: none, want one part":       &whole{},
		"of.of: none, want one part":    &whole{Of: &whole{Of: (*whole)(nil)}},
		"of.of.rate: -1, want from 0":   &whole{Of: &whole{Of: leaf{Rate: -1}}},
		"of.rates: 2, want at most one": &whole{Of: &whole{Of: leaf{}, Rates: []float64{1, 2}}},
		strings.Repeat("of.", MaxDepth) + "of: one more, want at most 8 in each other": deep,
	} {
		if err := Check(v); (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
	asked := 0
	if err := Validate("a", &whole{Of: leaf{Rate: -1}, asked: &asked}); err == nil || asked != 0 || err.Error() != "a.of.rate: -1, want from 0" {
		t.Errorf("%v: a value is asked about itself %d times, though what is in it is wrong", err, asked)
	}
}

// TestNestedSame: settings of entries in a value count, and an empty list is no list.
func TestNestedSame(t *testing.T) {
	a := &whole{Of: leaf{1}}
	for _, b := range []any{
		&whole{Of: leaf{1}, Numbers: map[string]float64{}, Rates: []float64{}, Words: []string{}},
	} {
		if !Same(a, b) || !Same(b, a) || !Same(&whole{Of: b.(part)}, &whole{Of: a}) {
			t.Errorf("%+v and %+v differ", a, b)
		}
	}
	for _, b := range []any{nil, leaf{1}, &whole{Of: leaf{2}}, &whole{Of: a}, &whole{Of: leaf{1}, Rates: []float64{0}}, &whole{Of: leaf{1}, Numbers: map[string]float64{"a": 0}}} {
		if Same(a, b) || Same(b, a) || Same(&whole{Of: a, Words: []string{"z"}}, b) {
			t.Errorf("%+v and %+v are the same", a, b)
		}
	}
	if b := (&whole{Of: leaf{1}, Rates: []float64{}}); !Same(a, b) || b.Rates == nil {
		t.Errorf("the value was changed: %+v", b)
	}
}

// TestNestedText: readers see names of entries, and their settings where they are others than the
// registered ones.
func TestNestedText(t *testing.T) {
	v := &whole{Of: &whole{Of: leaf{1}}, Numbers: map[string]float64{"b": 2, "a": 0.5}, Rates: []float64{1, 0.5}, Words: []string{"x", "y"}}
	want := "of whole (of leaf, numbers {}, rates [], words []), numbers {a: 0.5, b: 2}, rates [1, 0.5], words [x, y]"
	if have := Text(v); have != want {
		t.Errorf("%s\nwant %s", have, want)
	}
	var kinds []string
	for _, f := range FieldsOf(v) {
		kinds = append(kinds, TypeName(f.Type))
	}
	if have, want := fmt.Sprint(kinds), "[part numbers by name list of numbers list of texts]"; have != want {
		t.Errorf("%s, want %s", have, want)
	}
}
