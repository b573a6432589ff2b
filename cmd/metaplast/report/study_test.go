package report

import (
	"strings"
	"testing"

	"metaplast/cmd/metaplast/study"
	"metaplast/metaopt/measure"
)

// someStudy has a claim of each verdict, one of them about a seed that diverged.
func someStudy() study.Result {
	claim := func(id, verdict, unit, note string, effect, low, high, threshold float64) study.ClaimResult {
		return study.ClaimResult{ID: id, Claim: "Statement of " + id + ".", Source: "paper <1>", Measure: "loss", Unit: unit, Arms: []string{"flp", "oml"},
			PerSeed: []study.SeedPair{{Seed: 1, Effect: measure.Number(effect)}, {Seed: 2, Effect: measure.Number(effect)}},
			Effect:  measure.Number(effect), Low: measure.Number(low), High: measure.Number(high), Direction: "less", Threshold: measure.Number(threshold), Verdict: verdict, Note: note}
	}
	arm := func(name string, mean float64, values ...float64) study.ArmResult {
		return study.ArmResult{Name: name, What: "what " + name + " is", Order: 2, Diverged: 1, Training: 3,
			Measures: []study.ArmMeasure{{Name: "loss", Mean: measure.Number(mean), Low: measure.Number(mean / 2), High: measure.Number(2 * mean), Values: values}}}
	}
	return study.Result{Study: "some-study", Summary: "one against the other", Size: study.Quick, Task: "sine", Seeds: []uint64{1, 2}, Episodes: 20, Steps: 30, Batch: 2,
		Tuning:   "Tuned by hand.",
		Measures: []study.MeasureInfo{{Name: "loss", What: "median query loss", Unit: "mse", Scale: study.Ratio.String()}},
		Claims: []study.ClaimResult{claim("yes", study.Confirmed, "ratio", "", 0.5, 0.4, 0.6, 1), claim("no", study.Refuted, "ratio", "", 1.5, 1.4, 1.7, 1),
			claim("open", study.Undecided, "mse", "no interval, because of seed 2: flp NaN", nan, nan, nan, 0)},
		Arms: []study.ArmResult{arm("flp", 0.1, 0.1, nan), arm("oml", 0.2, 0.2, 0.2)}, Commands: []string{"metaplast study some-study"}}
}

func TestStudy(t *testing.T) {
	d := NewStudy(someStudy(), "study: some-study\n", []Fact{{"seed 1", "somewhere"}})
	files := made(t, d, nil)
	page := files["report.html"]
	sameKeys(t, page, []byte(files["report.json"]))
	selfContained(t, page)
	for _, want := range []string{"Of 3 claims, <data", "Confirmed: Statement of yes.", "Refuted: Statement of no.", "Undecided: Statement of open.", "No interval, because of seed 2",
		"paper &lt;1&gt;", "1 of 40", "3 of 120", "Tuned by hand.", "metaplast study some-study", "NaN"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	claims := d.figures()[0]
	if len(claims.Panels) != 2 || len(claims.Panels[0].Spans) != 2 || !claims.Panels[0].X.Log || claims.Panels[1].X.Log {
		t.Errorf("panels of the claims %+v: want the two ratios in one, on a logarithmic axis", claims.Panels)
	}
	for _, path := range []string{"figures/claims.svg", "figures/claims.png", "figures/arms-loss.svg"} {
		if len(files[path]) < 500 {
			t.Errorf("no %s", path)
		}
	}
}
