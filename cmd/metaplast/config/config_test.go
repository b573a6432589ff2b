package config

import (
	"reflect"
	"strings"
	"testing"
)

func TestPresetsRoundTrip(t *testing.T) {
	for _, p := range Presets() {
		c, err := Parse(p.Name, p.Text, nil)
		if err != nil {
			t.Fatal(err)
		}
		text, err := c.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse("again", text, nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if !reflect.DeepEqual(c, again) {
			t.Errorf("%s: have %+v, want %+v", p.Name, again, c)
		}
		second, err := again.Encode()
		if err != nil || string(second) != string(text) {
			t.Errorf("%s: encoded again: %v\n%s", p.Name, err, second)
		}
		t.Logf("%s\n%s", p.Summary, text)
		if c.Name != p.Name || strings.Contains(string(text), "preset") {
			t.Errorf("%s: name %q, or a preset left in\n%s", p.Name, c.Name, text)
		}
	}
}
