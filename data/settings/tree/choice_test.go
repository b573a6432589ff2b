package tree

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/goccy/go-yaml"

	"metaplast/data/fault"
)

type own struct {
	Text   string  `yaml:"text"`
	Count  int     `yaml:"count"`
	Seed   uint64  `yaml:"seed"`
	Rate   float64 `yaml:"rate"`
	On     bool    `yaml:"on"`
	Widths []int   `yaml:"widths"`
	kept   int
}

func (o *own) Validate() error {
	var f fault.Fields
	f.Check(o.Count < 10, "count", o.Count, "below 10")
	return f.Join()
}

func node(t *testing.T, text string) *Node {
	t.Helper()
	n, err := Parse([]byte(text), InFile("x.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestDecode: a copy has the settings that are given, of every type, and the rest of the registered
// value, which stays as it is.
func TestDecode(t *testing.T) {
	registered := &own{Count: 1, Rate: 0.5, Widths: []int{3}, kept: 7}
	have, err := Decode(node(t, "{name: own, text: a, seed: 18446744073709551615, rate: 2, on: true, widths: [1, 2]}"), registered)
	if err != nil {
		t.Fatal(err)
	}
	if want := (&own{"a", 1, 1<<64 - 1, 2, true, []int{1, 2}, 7}); !reflect.DeepEqual(have, want) {
		t.Errorf("%+v, want %+v", have, want)
	}
	if want := (&own{Count: 1, Rate: 0.5, Widths: []int{3}, kept: 7}); !reflect.DeepEqual(registered, want) {
		t.Errorf("the registered value has become %+v", registered)
	}
	plain, err := Decode(node(t, "{rate: 2}"), struct {
		Rate float64 `yaml:"rate"`
	}{1})
	if err != nil || fmt.Sprint(plain) != "{2}" {
		t.Errorf("%v, %v", plain, err)
	}
	have, err = Decode(node(t, "count: 12\n"), registered)
	if err == nil || err.Error() != "x.yaml:1:1: count: 12, want below 10" || have != registered {
		t.Errorf("%v, %v", have, err)
	}
	_, err = Decode(node(t, "count: a\nrat: 1\n"), registered)
	if want := "x.yaml:1:8: count: have a, want an integer\nx.yaml:2:1: unknown key \"rat\": did you mean \"rate\"? There are name, text, count, seed, rate, on, widths"; err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
}

// TestEncode: defaults are told by the name alone.
func TestEncode(t *testing.T) {
	type rate struct {
		Rate float64 `yaml:"rate"`
	}
	if have := Encode("a", rate{1}, rate{1}); have != "a" {
		t.Errorf("defaults: %v, want the name", have)
	}
	if have := fmt.Sprint(Encode("a", rate{2}, rate{1})); have != "[{name a} {rate 2}]" {
		t.Errorf("%v, want name and setting", have)
	}
	if have := fmt.Sprint(Encode("a", rate{1}, nil)); have != "[{name a} {rate 1}]" {
		t.Errorf("one that is not registered: %v, want name and setting", have)
	}
}

// TestEmptyLists: a list without elements is that of a value that has none.
func TestEmptyLists(t *testing.T) {
	type lists struct {
		Widths []int    `yaml:"widths"`
		Words  []string `yaml:"words"`
	}
	have, err := Decode(node(t, "{widths: [], words: []}"), lists{Words: []string{"a"}})
	if err != nil || !reflect.DeepEqual(have, lists{}) {
		t.Errorf("%#v, %v", have, err)
	}
}

// TestTextLikeNumbers: what an encoder leaves without quotes is text.
func TestTextLikeNumbers(t *testing.T) {
	for _, text := range []string{"0X0", "0B1", "0O7", "1e5", "-0X1", "+0B1", "1E5", "0x0", "0b1", "0o7", "007", "0_1", "1_0", "-1", "_1", ".5", "5.", "true", "~", "NULL", "y", "No", "1:30", "=", "<<", "2020-01-01"} {
		encoded, err := yaml.Marshal(map[string]string{"text": text})
		if err != nil {
			t.Fatal(err)
		}
		var have string
		d := &Decoder{}
		if !d.Scalar(node(t, string(encoded)).Find("text").Value, "text", &have) || have != text {
			t.Errorf("%s is read as %q: %v", encoded, have, d.Faults)
		}
	}
}
