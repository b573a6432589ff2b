package catalog

import (
	"slices"
	"strings"
	"testing"
)

type entry struct {
	Rate float64 `yaml:"rate" range:"from 0" about:"a rate"`
	name string
}

func (e entry) Info() Info { return Info{Name: e.name} }

type unsettable struct {
	Rate float32 `yaml:"rate"`
}

func (unsettable) Info() Info { return Info{Name: "unsettable"} }

// TestCatalog adds entries, and refuses those that settings could not name or change.
func TestCatalog(t *testing.T) {
	c := Of[Entry]("method", entry{name: "first"})
	if err := c.Register(entry{name: "second"}); err != nil {
		t.Fatal(err)
	}
	for want, bad := range map[string]Entry{
		`register method: have nil (<nil>), want a value`:                   nil,
		`register method: have nil (*catalog.entry), want a value`:          (*entry)(nil),
		`register method: name "Second": want one word in lower case`:       entry{name: "Second"},
		`register method: name "null": it means something else`:             entry{name: "null"},
		`register method: name "first": want one that is not taken`:         entry{name: "first"},
		`register method unsettable: settings: rate: float32, want string,`: unsettable{},
	} {
		if err := c.Register(bad); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%T: %v\nwant %s", bad, err, want)
		}
	}
	var names []string
	for _, e := range c.All() {
		names = append(names, e.Info().Name)
	}
	if !slices.Equal(names, []string{"first", "second"}) {
		t.Errorf("%v: want what was added, in order", names)
	}
	if e, err := c.Lookup("second"); err != nil || e.Info().Name != "second" {
		t.Errorf("%v, %v", e, err)
	}
	if e, err := c.Lookup("secnod"); e != nil || err == nil || !strings.Contains(err.Error(), `unknown method "secnod"`) || !strings.Contains(err.Error(), "second") {
		t.Errorf("%v, %v: want the nearest name", e, err)
	}
}
