package report

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"metaplast/metaopt/measure"
	"metaplast/metaopt/study"
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

// someSeeds are the two runs of someStudy, the first of which has a report.
func someSeeds() []Seed {
	curve := func(values ...float64) Curve {
		var c Curve
		for k, v := range values {
			c.Evals = append(c.Evals, Eval{Step: 15 * k, Median: v, Mean: 7 * v, Low: v, High: 9 * v, Episodes: 20})
		}
		return c
	}
	return []Seed{
		{Seed: 1, Curves: map[string]Curve{"flp": curve(4, 2, 0.1), "oml": curve(4, 3, 0.2)}, Report: Link{Name: "seed 1", Page: "../seed-1/report/report.html"}},
		{Seed: 2, Curves: map[string]Curve{"flp": curve(5, math.Inf(1), math.Inf(1)), "oml": curve(6, 1, 0.4)}, Report: Link{Name: "seed 2", Command: "metaplast report 'runs/a b/seed-2'"}},
	}
}

// TestStudySeeds asks for the learning curves of the seeds, lines that join them between arms, and ways
// to their own reports, with the numbers of the figure in the JSON.
func TestStudySeeds(t *testing.T) {
	d := NewStudy(someStudy(), "", nil, someSeeds())
	files := made(t, d, nil)
	page := files["report.html"]
	for _, want := range []string{`<a href="../seed-1/report/report.html">seed 1</a>`, "seed 2, made by <code>metaplast report &#39;runs/a b/seed-2&#39;</code>", `id="figure-training"`, "thin lines join those of one seed"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	var doc struct {
		Data struct {
			Study  string
			Curves []struct {
				Arm    string
				Median measure.Numbers
				Least  measure.Numbers
				Most   measure.Numbers
				Values measure.Table
			} `json:"learning_curves"`
			Reports []Link
		}
	}
	if err := json.Unmarshal([]byte(files["report.json"]), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Data.Study != "some-study" || len(doc.Data.Curves) != 2 || len(doc.Data.Reports) != 2 || doc.Data.Reports[0].Page == "" || doc.Data.Reports[1].Command == "" {
		t.Fatalf("%+v", doc.Data)
	}
	oml := doc.Data.Curves[1]
	for k, want := range [][3]float64{{5, 4, 6}, {2, 1, 3}, {0.3, 0.2, 0.4}} { // median, least, most
		if math.Abs(oml.Median[k]-want[0]) > 1e-15 || oml.Least[k] != want[1] || oml.Most[k] != want[2] || oml.Values[0][k] != []float64{4, 3, 0.2}[k] {
			t.Errorf("oml, evaluation %d: %+v, want %v", k, oml, want)
		}
	}
	if flp := doc.Data.Curves[0]; !math.IsInf(flp.Median[2], 1) {
		t.Errorf("flp: %+v, want a median that is infinite where half of the seeds are", flp)
	}
	for _, f := range d.figures() {
		switch f.ID {
		case "arms-loss":
			if !f.Panels[0].Pairs {
				t.Error("no lines between the arms")
			}
		case "training":
			if len(f.Panels) != 3 || len(f.Panels[0].Lines) != 2 || len(f.Panels[1].Lines) != 3 || f.Panels[1].Lines[0].Y[1] != 2 || f.Panels[1].Y.Low != f.Panels[2].Y.Low {
				t.Errorf("learning curves %+v", f.Panels)
			}
		}
	}
	// A run whose metrics are gone is said to be left out; without any there are links alone.
	seeds := someSeeds()
	seeds[1].Curves = nil
	if page := made(t, NewStudy(someStudy(), "", nil, seeds), nil)["report.html"]; !strings.Contains(page, "Without 1 seed whose metrics are not") {
		t.Error("a seed is left out without a word")
	}
	seeds[0].Curves = nil
	if page := made(t, NewStudy(someStudy(), "", nil, seeds), nil)["report.html"]; strings.Contains(page, "figure-training") || !strings.Contains(page, "made by <code>") {
		t.Error("without metrics: want no curves, but the links")
	}
}

func TestStudy(t *testing.T) {
	d := NewStudy(someStudy(), "study: some-study\n", []Fact{{"seed 1", "somewhere"}}, someSeeds())
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
