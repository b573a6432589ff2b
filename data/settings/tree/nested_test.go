package tree

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"metaplast/data/fault"
	"metaplast/data/settings"
	"metaplast/data/suggest"
)

// shape is the interface of a catalog's entries.
type shape interface{ name() string }

type point struct {
	At float64 `yaml:"at"`
}

func (point) name() string { return "point" }

func (p point) Validate() error {
	var f fault.Fields
	f.Check(p.At >= 0, "at", p.At, "from 0")
	return f.Join()
}

type frame struct {
	Of      shape              `yaml:"of"`
	Numbers map[string]float64 `yaml:"numbers"`
	Rates   []float64          `yaml:"rates"`
	Words   []string           `yaml:"words"`
}

func (frame) name() string { return "frame" }

func (f frame) Validate() error {
	var faults fault.Fields
	for key := range f.Numbers {
		faults.Add("numbers."+key, suggest.Unknown("side", key, []string{"left", "right"}))
	}
	return faults.Join()
}

// registered are the entries of the catalog.
var registered = []shape{point{At: 1}, frame{Of: point{At: 2}, Rates: []float64{3}}}

type shapes struct{}

func (shapes) Kind() string            { return "shape" }
func (shapes) Names() []string         { return []string{"point", "frame"} }
func (shapes) NameOf(entry any) string { return entry.(shape).name() }
func (shapes) Find(name string) (any, error) {
	for _, s := range registered {
		if s.name() == name {
			return s, nil
		}
	}
	return nil, suggest.Unknown("shape", name, shapes{}.Names())
}

func init() { settings.Announce(reflect.TypeFor[shape](), shapes{}) }

func lookup(name string) (shape, error) {
	s, err := shapes{}.Find(name)
	if err != nil {
		return nil, err
	}
	return s.(shape), nil
}

// TestNested: entries in entries are read, from names and from mappings, and written so that they are
// read again, in one text for one meaning.
func TestNested(t *testing.T) {
	for _, c := range []struct {
		text string
		want shape
		back string
	}{
		{"frame", registered[1], "frame"},
		{"{name: frame}", registered[1], "frame"},
		{"{name: frame, of: {at: 2}, rates: [3], words: [], numbers: {}}", registered[1], "frame"},
		{"{name: frame, of: point}", frame{Of: point{1}, Rates: []float64{3}},
			"name: frame\nof: point\nnumbers: {}\nrates:\n- 3.0\nwords: []\n"},
		{"{name: frame, of: {at: 5}, numbers: {right: 1, left: 0.5}, rates: [], words: [b, a]}",
			frame{Of: point{5}, Numbers: map[string]float64{"left": 0.5, "right": 1}, Words: []string{"b", "a"}},
			"name: frame\nof:\n  name: point\n  at: 5.0\nnumbers:\n  left: 0.5\n  right: 1.0\nrates: []\nwords:\n- b\n- a\n"},
		{"{name: frame, of: {name: frame, of: {name: frame, of: {name: point, at: 0}}}}",
			frame{Of: frame{Of: frame{Of: point{0}, Rates: []float64{3}}, Rates: []float64{3}}, Rates: []float64{3}}, ""},
	} {
		d := &Decoder{}
		have, ok := Choice(d, node(t, c.text), "shape", "", lookup)
		if !ok || len(d.Faults) > 0 || !settings.Same(have, c.want) {
			t.Errorf("%s: %+v, %v\nwant %+v", c.text, have, d.Faults, c.want)
			continue
		}
		written := func(s shape) string {
			at, err := lookup(s.name())
			if err != nil {
				t.Fatal(err)
			}
			text, err := yaml.Marshal(Encode(s.name(), s, at))
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		back := written(have)
		if c.back != "" && strings.TrimSpace(back) != strings.TrimSpace(c.back) {
			t.Errorf("%s: written as\n%swant\n%s", c.text, back, c.back)
		}
		again, ok := Choice(d, node(t, back), "shape", "", lookup)
		if !ok || !settings.Same(again, have) || written(again) != back {
			t.Errorf("%s: read again it is %+v, %v", back, again, d.Faults)
		}
	}
	if !reflect.DeepEqual(registered, []shape{point{At: 1}, frame{Of: point{At: 2}, Rates: []float64{3}}}) {
		t.Errorf("the registered entries have changed: %+v", registered)
	}
}

// TestNestedFaults: every fault has its place and its path, at any depth.
func TestNestedFaults(t *testing.T) {
	for text, want := range map[string]string{
		"{name: frame, of: pont}":                                                `x.yaml:1:19: shape.of: unknown shape "pont": did you mean "point"? There are point, frame`,
		"{name: frame, of: {name: pont, at: 1}}":                                 `x.yaml:1:26: shape.of: unknown shape "pont": did you mean "point"? There are point, frame`,
		"{name: frame, of: {name: frame, of: {at: a}}}":                          `x.yaml:1:42: shape.of.of.at: have a, want a finite number`,
		"{name: frame, of: {name: frame, of: {at: -1}}}":                         `x.yaml:1:38: shape.of.of.at: -1, want from 0`,
		"{name: frame, of: {att: 1}}":                                            `x.yaml:1:20: unknown key "shape.of.att": did you mean "shape.of.at"? There are name, at`,
		"{name: frame, of: [point]}":                                             `x.yaml:1:19: shape.of: have a list, want text`,
		"{name: frame, of: null}":                                                `x.yaml:1:19: shape.of: have nothing, want text`,
		"{name: frame, of: {name: 3}}":                                           `x.yaml:1:26: shape.of.name: have 3, want text, in quotes if it is meant so`,
		"{name: frame, of: {name: frame, numbers: {leftt: 1}}}":                  `x.yaml:1:43: shape.of.numbers.leftt: unknown side "leftt": did you mean "left"? There are left, right`,
		"{name: frame, numbers: {left: a}}":                                      `x.yaml:1:31: shape.numbers.left: have a, want a finite number`,
		"{name: frame, numbers: [1]}":                                            `x.yaml:1:24: shape.numbers: have a list, want a mapping from names to numbers, such as {a: 0.5}`,
		"{name: frame, rates: 1}":                                                `x.yaml:1:22: shape.rates: have 1, want a list of numbers, such as [0.5, 1]`,
		"{name: frame, rates: [1, .inf]}":                                        `x.yaml:1:26: shape.rates[1]: have .inf, want a finite number`,
		"{name: frame, words: [a, 1]}":                                           `x.yaml:1:26: shape.words[1]: have 1, want text, in quotes if it is meant so`,
		"{name: frame, words: {a: 1}}":                                           `x.yaml:1:22: shape.words: have a mapping, want a list of texts, such as [a, b]`,
		strings.Repeat("{name: frame, of: ", 10) + "x" + strings.Repeat("}", 10): `nested too deeply: more than 8 of a shape in each other`,
	} {
		d := &Decoder{}
		_, ok := Choice(d, node(t, text), "shape", "", lookup)
		if err := errors.Join(d.Faults...); ok || err == nil || !strings.HasSuffix(err.Error(), want) || len(d.Faults) != 1 {
			t.Errorf("%s: %v\nwant %s", text, err, want)
		}
	}
}
