package measure

import (
	"encoding/json"
	"math"
	"testing"
)

func TestNumberJSON(t *testing.T) {
	type all struct {
		N Number  `json:"n"`
		L Numbers `json:"l"`
		T Table   `json:"t"`
	}
	inf := math.Inf(1)
	for _, c := range []struct {
		value all
		text  string
	}{
		{all{N: 0.1, L: Numbers{1, math.NaN()}, T: Table{{-inf}, {}, {2, inf}}}, `{"n":0.1,"l":[1,"NaN"],"t":[["-Inf"],[],[2,"+Inf"]]}`},
		{all{N: Number(math.NaN())}, `{"n":"NaN","l":null,"t":null}`},
		{all{N: 1e-300, L: Numbers{}, T: Table{nil}}, `{"n":1e-300,"l":[],"t":[null]}`},
	} {
		text, err := json.Marshal(c.value)
		if err != nil || string(text) != c.text {
			t.Errorf("%s, %v: want %s", text, err, c.text)
		}
		var back all
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if again, err := json.Marshal(back); err != nil || string(again) != c.text {
			t.Errorf("read and written again: %s, %v: want %s", again, err, c.text)
		}
	}
	var back all
	for _, bad := range []string{`{"n":"x"}`, `{"l":[[1]]}`, `{"t":[1]}`, `{"l":["x"]}`} {
		if err := json.Unmarshal([]byte(bad), &back); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

func TestNumberString(t *testing.T) {
	if s := Number(1.0 / 3).String(); s != "0.3333" {
		t.Errorf("%s", s)
	}
}

func TestNumberBrief(t *testing.T) {
	for v, want := range map[Number]string{
		0: "0", 4.743: "4.74", 0.10523: "0.105", 0.07869: "0.0787", 0.09003: "0.0900", 9.999: "10.0", 0.99951: "1.00", 99999: "1.0e+05", 12345: "12300",
		-0.001234: "-0.00123", 0.0001234: "1.2e-04", -123456: "-1.2e+05", 1.23e-120: "1e-120", -9.99e199: "-1e+200", Number(inf): "+Inf", -Number(inf): "-Inf", Number(nan): "NaN",
	} {
		if got := v.Brief(); got != want || len(got) > 8 {
			t.Errorf("%v: %q, want %q", float64(v), got, want)
		}
	}
}
