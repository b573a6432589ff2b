package study

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"metaplast/metaopt/measure"
)

// pair is a study of two arms and one claim.
func pair(m Measure, c Claim) Study {
	c.ID, c.Statement, c.Source, c.Measure, c.A, c.B = "c", "It is so.", "made up", m.Name, "a", "b"
	return Study{
		Name: "pair", Summary: "made up", Tuning: "none",
		Arms:     []Arm{{Name: "a", Settings: "{preset: flp}", What: "one"}, {Name: "b", Settings: "{preset: oml-first-order}", What: "other"}},
		Measures: []Measure{m}, Claims: []Claim{c}, Settings: sine("continual"),
	}
}

// measurements are made-up ones of the arms of a pair.
func measurements(m Measure, a, b []float64) []Measured {
	var list []Measured
	for i := range a {
		list = append(list, Measured{Fingerprint: "f", BLAS: "gonum", Episodes: 10, Split: "heldout", Arms: []ArmMeasured{
			{Name: "a", Values: map[string]measure.Number{m.Name: measure.Number(a[i])}, Diverged: 1, Training: 2},
			{Name: "b", Values: map[string]measure.Number{m.Name: measure.Number(b[i])}},
		}})
	}
	return list
}

// TestVerdict judges made-up numbers, with intervals worked out by hand: for n = 3,
// t_{0.975,2} = 4.302653; for differences (−1, −2, −3) sd = 1, half = 4.302653/√3 = 2.484138.
func TestVerdict(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	difference := Measure{Name: "x", Unit: "u"}
	ratio := Measure{Name: "x", Unit: "u", Scale: Ratio, Best: Smallest}
	accuracy := Measure{Name: "x", Unit: "u", Best: Largest}
	less := Claim{Direction: measure.Less}
	lessOne := Claim{Direction: measure.Less, Threshold: 1}
	e := math.Exp
	for _, c := range []struct {
		name      string
		m         Measure
		claim     Claim
		a, b      []float64
		effect    float64
		low, high float64
		verdict   string
		note      string
	}{
		{"undecided", difference, less, []float64{0, 0, 0}, []float64{1, 2, 3}, -2, -4.484138, 0.484138, Undecided, ""},
		{"confirmed", difference, less, []float64{0, 0, 0}, []float64{4, 5, 6}, -5, -7.484138, -2.515862, Confirmed, ""},
		{"refuted", difference, Claim{}, []float64{0, 0, 0}, []float64{4, 5, 6}, -5, -7.484138, -2.515862, Refuted, ""},
		{"within a margin", difference, Claim{Threshold: -8}, []float64{0, 0, 0}, []float64{4, 5, 6}, -5, -7.484138, -2.515862, Confirmed, ""},
		{"ratio confirmed", ratio, lessOne, []float64{e(-4), e(-5), e(-6)}, []float64{1, 1, 1}, e(-5), e(-7.484138), e(-2.515862), Confirmed, ""},
		{"ratio is scale free", ratio, lessOne, []float64{7 * e(-4), 3e-9 * e(-5), 1e9 * e(-6)}, []float64{7, 3e-9, 1e9}, e(-5), e(-7.484138), e(-2.515862), Confirmed, ""},
		{"ratio refuted", ratio, lessOne, []float64{e(4), e(5), e(6)}, []float64{1, 1, 1}, e(5), e(2.515862), e(7.484138), Refuted, ""},
		{"one seed", difference, less, []float64{0}, []float64{5}, -5, nan, nan, Undecided, "one seed"},
		{"NaN, no worst value", difference, less, []float64{0, nan, 0}, []float64{4, 5, 6}, -5, -17.706205, 7.706205, Undecided, "not finite: a in seed 2"},
		{"three seeds never reach 5 % by ranks", ratio, lessOne, []float64{0.1, 0.1, 0.1}, []float64{1, inf, inf}, 0.1, nan, nan, Undecided, "b in seed 2, b in seed 3; decided by signed ranks of 3 seeds, p = 0.25"},
		{"both collapse in a seed", ratio, lessOne, []float64{0.1, inf, 0.1}, []float64{1, inf, 1}, 0.1, 0.1, 0.1, Undecided, "a and b in seed 2; decided by signed ranks of 2"},
		{"loss of zero", ratio, lessOne, []float64{0, 0.1, 0.1}, []float64{1, 1, 1}, 0.1, 0.1, 0.1, Undecided, "a in seed 1"},
		// Ranks by hand: 5 equal ones have rank 3, two infinities 6.5; and below, 4 of 2.5, one of 5, two of 6.5.
		// Six seeds of one sign: p = 2/64. The ratio of the finite ones is 1/4.
		{"control collapses", ratio, lessOne, []float64{1, 1, 1, 1, 1, 1}, []float64{4, 4, inf, 4, nan, 4}, 0.25, 0.25, 0.25, Confirmed, "b in seed 3, b in seed 5; decided by signed ranks of 6 seeds, p = 0.03125"},
		{"favourite collapses", ratio, lessOne, []float64{1, 1, 1, 1, 1, inf, inf}, []float64{4, 4, 4, 4, 4, 4, 4}, 0.25, 0.25, 0.25, Undecided, "p = 1;"},
		{"favourite is lost", ratio, lessOne, []float64{inf, inf, 1, 5, 5, 5, 5}, []float64{4, 4, 4, 4, 4, 4, 4}, e(-0.098744), 0.370669, 2.214351, Undecided, "p = 0.1875;"},
		{"accuracy of the favourite collapses", accuracy, Claim{}, []float64{nan, .5, .5, .5, .5, .5, .5}, []float64{.9, .9, .9, .9, .9, .9, .9}, -.4, -.4, -.4, Refuted, "a in seed 1; decided by signed ranks of 7 seeds, p = 0.01562"},
		{"a threshold counts in ranks", accuracy, Claim{Threshold: -0.5}, []float64{nan, .5, .5, .5, .5, .5, .5}, []float64{.9, .9, .9, .9, .9, .9, .9}, -.4, -.4, -.4, Undecided, "p = 0.3594;"},
		{"no spread", difference, less, []float64{1, 1, 1}, []float64{3, 3, 3}, -2, -2, -2, Confirmed, ""},
		{"on the threshold", difference, less, []float64{1, 1, 1}, []float64{1, 1, 1}, 0, 0, 0, Undecided, ""},
	} {
		s := pair(c.m, c.claim)
		r, err := Judge(planned(t, s, Quick, "", len(c.a)), measurements(c.m, c.a, c.b), "dir")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got := r.Claims[0]
		for _, v := range []struct {
			what      string
			got, want float64
		}{{"effect", float64(got.Effect), c.effect}, {"low", float64(got.Low), c.low}, {"high", float64(got.High), c.high}} {
			// t's quantile above has seven digits.
			if !(math.Abs(v.got-v.want) <= 1e-5*math.Max(1, math.Abs(v.want))) && !(math.IsNaN(v.got) && math.IsNaN(v.want)) {
				t.Errorf("%s: %s %v, want %v", c.name, v.what, v.got, v.want)
			}
		}
		if got.Verdict != c.verdict || !strings.Contains(got.Note, c.note) || (c.note == "") != (got.Note == "") {
			t.Errorf("%s: %s (%s), want %s (%s)", c.name, got.Verdict, got.Note, c.verdict, c.note)
		}
		for line := range strings.Lines(string(r.Table())) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > columns {
				t.Errorf("%s: a line of %d columns: %s", c.name, n, line)
			}
		}
		if !strings.Contains(string(r.Table()), strings.ToUpper(c.verdict)+": It is so. [1]") {
			t.Errorf("%s: the table does not tell the verdict:\n%s", c.name, r.Table())
		}
	}
}

// TestResult checks what is told of the arms, and that JSON keeps all of it, NaN too.
func TestResult(t *testing.T) {
	m := Measure{Name: "x", Unit: "u", Scale: Ratio}
	s := pair(m, Claim{Direction: measure.Less, Threshold: 1})
	p := planned(t, s, Quick, "", 2, "meta.steps=5")
	r, err := Judge(p, measurements(m, []float64{1, 4}, []float64{2, math.NaN()}), "d")
	if err != nil {
		t.Fatal(err)
	}
	a, b := r.Arms[0], r.Arms[1]
	if math.Abs(float64(a.Mean)-2) > 1e-12 || a.Diverged != 2 || a.Training != 4 || a.Order != 2 || b.Order != 1 || b.Mean != 2 || b.Collapsed != 1 || a.Collapsed != 0 {
		t.Errorf("arms %+v, %+v: want the geometric mean 2 of a, 2 and 4 diverged episodes, orders 2 and 1, and the mean of b's finite seed", a, b)
	}
	if r.Claims[0].Direction != "less" || r.Claims[0].Unit != "ratio" || r.Steps != 5 || r.Runs[1].Run != "seed-2" {
		t.Errorf("result %+v", r)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back Result
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil {
		t.Fatal(err)
	}
	if string(again) != string(text) {
		t.Errorf("read back:\n%s\nwritten:\n%s", again, text)
	}
}

// TestJudgeRefuses measurements that do not belong to the plan.
func TestJudgeRefuses(t *testing.T) {
	m := Measure{Name: "x"}
	s := pair(m, Claim{})
	p := planned(t, s, Quick, "", 2)
	full := func() []Measured { return measurements(m, []float64{1, 2}, []float64{3, 4}) }
	short := full()[:1]
	armless := full()
	armless[1].Arms = armless[1].Arms[:1]
	other := full()
	other[0].Arms[1].Values = map[string]measure.Number{"y": 1}
	for name, list := range map[string][]Measured{"too few": short, "arm missing": armless, "measure missing": other} {
		if r, err := Judge(p, list, "d"); err == nil || r != nil {
			t.Errorf("%s: result %v, error %v", name, r, err)
		}
	}
	if !s.Complete(full()[0]) || s.Complete(armless[1]) || s.Complete(other[0]) {
		t.Error("Complete: want true for all arms and measures, false where one is missing")
	}
	mixed := full()
	mixed[1].BLAS, mixed[1].Tiles = "openblas", "none"
	if r, err := Judge(p, mixed, "d"); err != nil || r.BLAS != "mixed" || r.Tiles != "mixed" || !reflect.DeepEqual(r.Seeds, []uint64{1, 2}) {
		t.Errorf("two libraries and kernels: %+v, %v", r, err)
	}
}

// TestTableWidth: the table of a study with long names and numbers fits 80 columns.
func TestTableWidth(t *testing.T) {
	s, err := Lookup("sine-continual")
	if err != nil {
		t.Fatal(err)
	}
	p := planned(t, s, Quick, "", 10)
	var list []Measured
	for i := range p.Cells {
		m := Measured{Episodes: 200, Split: "heldout"}
		for _, a := range s.Arms {
			m.Arms = append(m.Arms, ArmMeasured{Name: a.Name, Training: 4999, Diverged: 199,
				Values: map[string]measure.Number{Loss.Name: measure.Number(0.0123456 + float64(i)/1e6)}})
		}
		list = append(list, m)
	}
	r, err := Judge(p, list, "d")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(r.Table())) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > columns {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}
