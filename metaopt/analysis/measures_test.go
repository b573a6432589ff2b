package analysis

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"metaplast/metaopt/measure"
)

// TestMeasures: files have the names that they always had, in their order, and what another registers
// behind them; each measure is declared whole.
func TestMeasures(t *testing.T) {
	for _, m := range Measures() {
		if m.Unit == "" || m.Formula == "" || m.Source == "" {
			t.Errorf("%s: unit %q, formula %q, source %q: want all", m.Name, m.Unit, m.Formula, m.Source)
		}
	}
	want := "number diverged loss accuracy cosine norm_ratio overlap between harmful harmful_first past_harmful backward_transfer forward_transfer forgetting"
	if have := strings.Join(Columns(), " "); have != want {
		t.Errorf("columns %s\nwant %s", have, want)
	}
	places := map[int]bool{}
	for _, m := range Measures() {
		if (m.What != "" || m.Said.Label != "") && m.Of == nil || m.What != "" && m.Unit == "" {
			t.Errorf("%s: half of a declaration: %+v", m.Name, m)
		}
		if p := m.Said.Place; p != 0 && places[p] {
			t.Errorf("%s: place %d is taken", m.Name, p)
		} else {
			places[p] = true
		}
	}
	for _, m := range []Measure{{Name: "own"}, {Name: "number", Of: Measures()[0].Of}, {Name: "loss", Of: Measures()[0].Of}, {Name: "Own", Of: Measures()[0].Of}} {
		if RegisterMeasure(m) == nil {
			t.Errorf("%+v is registered", m)
		}
	}
	if n := len(Measures()); n != 12 {
		t.Errorf("%d measures, want 12", n)
	}
}

// TestEpisodeJSON: an episode's document, and the way back.
func TestEpisodeJSON(t *testing.T) {
	e := Episode{Number: 3, Values: map[string]measure.Number{}}
	for i, m := range Measures() {
		e.Values[m.Name] = measure.Number(float64(i) / 4)
	}
	e.Values["accuracy"] = measure.Number(math.Inf(1))
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"number":3,"diverged":false,"loss":0,"accuracy":`; !strings.HasPrefix(string(text), want) || !strings.HasSuffix(string(text), `"forgetting":2.75}`) {
		t.Errorf("%s, want it to begin with %s", text, want)
	}
	var back Episode
	if err := json.Unmarshal(text, &back); err != nil || back.Number != 3 || len(back.Values) != len(e.Values) || back.Value("forgetting") != 2.75 {
		t.Errorf("%v: %+v", err, back)
	}
	text, err = json.Marshal(Episode{Number: 1, Diverged: true})
	if err != nil || !strings.Contains(string(text), `"diverged":true,"loss":"NaN"`) {
		t.Errorf("%v: %s", err, text)
	}
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, Episode{Number: 1, Diverged: true}) {
		t.Errorf("%v: %+v", err, back)
	}
}
