package study

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"metaplast/metaopt"
	"metaplast/metaopt/measure"
	"metaplast/metaopt/recovery"
	"metaplast/metaopt/run"
)

func recoveryPlan(t *testing.T, task string, seeds int, changes ...string) *Plan {
	t.Helper()
	s, err := Lookup("rule-recovery")
	if err != nil {
		t.Fatal(err)
	}
	return planned(t, s, Quick, task, seeds, changes...)
}

// TestRuleIsFound: Oja's rule is found from the answers of a network that changes by it, in less than half
// of the study's meta-steps, and what was found does on new trajectories what the teacher does.
func TestRuleIsFound(t *testing.T) {
	p := recoveryPlan(t, "oja", 1, "meta.steps=1200", "meta.schedule.milestones=[600,840,1080]", "eval.episodes=10", "eval.every=0")
	w := &Work{Plan: p, Dir: filepath.Join(t.TempDir(), "s"), Workers: 2, Run: run.Options{Remat: metaopt.AutoRemat},
		Figures: func(r *Result) ([]run.File, error) {
			return []run.File{{Name: "of.txt", Text: []byte(r.Study)}}, nil
		}}
	r, err := w.Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(w.Dir, "of.txt")); err != nil || string(text) != "rule-recovery" {
		t.Errorf("the figure is %q: %v", text, err)
	}
	value := func(m Measure) float64 {
		i := slices.IndexFunc(r.Measures, func(have MeasureInfo) bool { return have.Name == m.Name })
		return r.Arms[0].Measures[i].Values[0]
	}
	if value(Found) != 1 || !(value(TrueError) < recovery.Usual.True) || !(value(FalseSize) < recovery.Usual.False) || value(Support) != 1 {
		t.Errorf("found %v, errors %v and %v, support %v: %+v", value(Found), value(TrueError), value(FalseSize), value(Support), r.Arms[0].Coefficients)
	}
	if !(value(R2Weights) > 0.999) || !(value(R2Activity) > 0.999) || !(value(Deviance) > 99.9) {
		t.Errorf("R² of weights %v, of activity %v, deviance explained %v %%", value(R2Weights), value(R2Activity), value(Deviance))
	}
	if c := r.Claims[0]; c.Verdict != Confirmed || c.Decided != bySeeds || len(c.Arms) != 1 || len(c.PerSeed[0].Values) != 1 {
		t.Errorf("%+v", c)
	}
	for _, a := range r.Arms {
		if len(a.Coefficients) != 27 {
			t.Errorf("%s has %d coefficients", a.Name, len(a.Coefficients))
		}
		for _, c := range a.Coefficients {
			want := map[string]float64{"theta_110": 1, "theta_021": -1}[c.Name]
			if c.True[0] != want || c.Planted() != (want != 0) || !c.Fixed() {
				t.Errorf("%s: %s is planted as %v: want %v", a.Name, c.Name, c.True, want)
			}
		}
	}
	if table := string(r.Table()); !strings.Contains(table, "\ntheta_110    1        ") || !strings.Contains(table, "the other 25: at most ") {
		t.Errorf("the table does not tell the coefficients:\n%s", table)
	}
}

// TestRecoveryPlans: a task in which no rule is planted is refused before anything is trained.
func TestRecoveryPlans(t *testing.T) {
	s, err := Lookup("rule-recovery")
	if err != nil {
		t.Fatal(err)
	}
	setting, err := s.Setting(Quick, "")
	if err != nil {
		t.Fatal(err)
	}
	sine := []string{"task={kind: sine, functions: 2, steps: 3, batch: 1, query: 2}"}
	if _, err := NewPlan(s, setting, sine, 1); err == nil || !strings.Contains(err.Error(), `task.kind: "sine", want planted`) {
		t.Error(err)
	}
}

// TestClaimsOfOneArm judges made-up numbers that are compared with no other arm's, by their interval and
// by the number of seeds.
func TestClaimsOfOneArm(t *testing.T) {
	difference, ratio := Measure{Name: "x", Unit: "u", Best: Largest}, Measure{Name: "x", Unit: "u", Scale: Ratio, Best: Smallest}
	nan := math.NaN()
	for _, c := range []struct {
		name    string
		m       Measure
		claim   Claim
		a       []float64
		effect  float64
		verdict string
		note    string
	}{
		{"above", difference, Claim{Threshold: 2}, []float64{4, 5, 6}, 5, Confirmed, ""},
		{"not above", difference, Claim{Threshold: 8}, []float64{4, 5, 6}, 5, Refuted, ""},
		{"open", difference, Claim{Threshold: 4}, []float64{4, 5, 6}, 5, Undecided, ""},
		{"ratio", ratio, Claim{Direction: measure.Less, Threshold: 0.5}, []float64{0.1, 0.1, 0.1}, 0.1, Confirmed, ""},
		{"collapsed", difference, Claim{Threshold: 2}, []float64{4, nan, 6}, 5, Undecided, "a in seed 2"},
		{"two of three are enough", difference, Claim{Threshold: 4.5, Share: 0.6}, []float64{4, 5, 6}, 5, Confirmed, "2 of 3, claimed at least 60 %"},
		{"two of three are too few", difference, Claim{Threshold: 4.5, Share: 0.7}, []float64{4, 5, 6}, 5, Refuted, "2 of 3, claimed at least 70 %"},
		{"on the threshold is not above", difference, Claim{Threshold: 4, Share: 1}, []float64{4, 5, 6}, 5, Refuted, "2 of 3"},
		{"a seed that collapsed does not count", difference, Claim{Threshold: 0, Share: 0.9}, []float64{4, nan, 6}, 5, Refuted, "2 of 3, claimed at least 90 %; not finite: a in seed 2"},
		{"nine of ten", difference, Claim{Threshold: 0.5, Share: 0.9}, []float64{1, 1, 1, 0, 1, 1, 1, 1, 1, 1}, 0.9, Confirmed, "9 of 10"},
	} {
		s := pair(c.m, c.claim)
		s.Claims[0].B = ""
		if err := s.Validate(); err != nil && !strings.Contains(err.Error(), "measures") {
			t.Errorf("%s: %v", c.name, err)
		}
		r, err := Judge(planned(t, s, Quick, "", len(c.a)), measurements(c.m, c.a, make([]float64, len(c.a))), "dir")
		if err != nil {
			t.Fatal(err)
		}
		got := r.Claims[0]
		if math.Abs(float64(got.Effect)-c.effect) > 1e-12 || got.Verdict != c.verdict || !strings.Contains(got.Note, c.note) || (c.note == "") != (got.Note == "") {
			t.Errorf("%s: %v %s (%s): want %v %s (%s)", c.name, got.Effect, got.Verdict, got.Note, c.effect, c.verdict, c.note)
		}
		if got.Of() != "x of a" || !strings.Contains(string(r.Table()), "x of a = ") || !strings.Contains(string(Findings([]*Result{r}, nil)), "x of a: ") {
			t.Errorf("%s: %s\n%s", c.name, got.Of(), r.Table())
		}
	}
	s := pair(difference, Claim{Share: 1.5})
	if err := s.Validate(); err == nil || !strings.Contains(err.Error(), "claims.c: 1.5, want a share of the seeds from 0 to 1") {
		t.Error(err)
	}
}

// TestCoefficientsBySeed: where every seed has a rule of its own the table tells them one by one; seeds
// with other coefficients are not mixed.
func TestCoefficientsBySeed(t *testing.T) {
	arm := func(list ...recovery.Coefficient) ArmMeasured { return ArmMeasured{Coefficients: list} }
	list := coefficientsOf([]ArmMeasured{
		arm(recovery.Coefficient{Name: "theta_000", True: 0.5, Found: 0.75}, recovery.Coefficient{Name: "theta_001", True: 0, Found: -0.01}),
		arm(recovery.Coefficient{Name: "theta_000", True: 0, Found: 0.02}, recovery.Coefficient{Name: "theta_001", True: -1, Found: -1.25}),
	})
	if len(list) != 2 || list[0].Error != 0.135 || list[0].Fixed() || !list[0].Planted() || !slices.Equal(list[1].Found, []float64{-0.01, -1.25}) {
		t.Errorf("%+v", list)
	}
	r := Result{Seeds: []uint64{1, 2}, Arms: []ArmResult{{Name: "a", Coefficients: list}}}
	for _, want := range []string{"  seed 1: theta_000 0.75 (0.5), others 0.01\n", "  seed 2: theta_001 -1.25 (-1), others 0.02\n"} {
		if table := string(r.Table()); !strings.Contains(table, want) {
			t.Errorf("%q is not in\n%s", want, table)
		}
	}
	if list := coefficientsOf([]ArmMeasured{arm(recovery.Coefficient{Name: "theta_000"}), arm()}); list != nil {
		t.Errorf("%+v of a seed without any", list)
	}
}
