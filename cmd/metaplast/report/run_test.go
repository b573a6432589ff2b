package report

import (
	"encoding/json"
	"html"
	"math"
	"regexp"
	"strings"
	"testing"

	"metaplast/cmd/metaplast/figure"
	"metaplast/metaopt/analysis"
	"metaplast/metaopt/config"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
)

var nan = math.NaN()

// sineRun is a run of two learners, the second of which diverges in an episode.
func sineRun(t *testing.T) Run {
	t.Helper()
	c, err := config.Parse("test", []byte(`name: test-run
task: {kind: sine, functions: 2, steps: 2, batch: 2, query: 3}
network: {hidden: [6]}
learners:
  flp: {preset: flp}
  oml: {preset: oml, inner_lr: 0.003}
meta: {steps: 40, batch: 2}
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := Run{Config: c, Step: 40, Environment: []Fact{{"this report", "metaplast <test>"}}, Commands: []string{"metaplast train --config config.yaml"}}
	losses := [][]float64{{0.1, 0.2, 0.3, 0.2}, {0.4, nan, 0.5, 0.6}}
	for i, l := range c.Learners {
		curve := Curve{Diverged: i, Evals: []Eval{{Step: 0, Mean: 4, Low: 3, High: 5, Episodes: 4}, {Step: 40, Mean: nan, Low: nan, High: nan, Episodes: 4, Diverged: 4}}}
		for s := range 40 {
			curve.Steps, curve.Loss = append(curve.Steps, s+1), append(curve.Loss, 4/float64(s+1))
		}
		learner := Learner{Name: l.Name, Curve: curve, Untrained: evaluate.SummarizeLosses(l.Name, []float64{4, 5, 6, 4}), Trained: evaluate.Summarize(l.Name, losses[i])}
		if i == 0 {
			learner.Strength = map[int]float64{0: 0.4, 1: 0.6}
		}
		r.Learners = append(r.Learners, learner)
		r.Analyses = append(r.Analyses, someAnalysis(l.Name, i))
	}
	r.Predictions = &Predictions{X: []float64{-5, 0, 5}, True: [][]float64{{1, 0, 1}, {2, 0, -2}}, Functions: []int{0, 1}, Of: 2, Axis: "input x (radians)",
		Untaught: cube(0.1), Taught: cube(0.4), End: cube(nan)}
	return r
}

// cube are predictions of two learners for two functions at three x.
func cube(v float64) [][][]float64 {
	row := []float64{v, 0.3, 0.2}
	return [][][]float64{{row, row}, {row, row}}
}

func someAnalysis(name string, i int) analysis.Analysis {
	two := measure.Table{{0.5 + float64(i)/10, -0.2}, {nan, 0.3}}
	a := analysis.Analysis{Learner: name, Episodes: 4, Diverged: i, Layers: []int{0, 1}, Steps: []int{0, 3}, Tasks: 2, InnerSteps: 4, Loss: "mse", Ordered: true,
		Cosine: two, NormRatio: two, NetCosine: []float64{0.1, nan}, NetNormRatio: []float64{0.1, 0.2}, Rank: two, Angle: measure.Table{{nan, nan}, {80, 70}},
		Before: []float64{4, 4}, BlockSteps: []int{2, 4}, ByAge: []analysis.Age{{Age: 0, Mean: 0.15, Low: 0.05, High: 0.25}, {Age: 1, Mean: 0.4, Low: 0.3, High: 0.5}}, Retention: measure.Table{{0.1, 3}, {0.4, 0.2}},
		Activity: []analysis.Activity{{Layer: 0, Units: 6, Zeros: 0.5, Hoyer: 0.4, Dead: 1}}}
	for _, step := range []int{0, 4} {
		a.Points = append(a.Points, analysis.Point{Step: step, Overlap: two, Alignment: two, Interference: two, FirstOrder: two, Harmful: 0.5, HarmfulFirst: 0.25, Between: 0.01})
	}
	if i == 0 {
		h, err := measure.NewHistogram([]float64{0, 0.1, 0.2}, -1, 1, 4)
		if err != nil {
			panic(err)
		}
		a.Alpha = []analysis.Histogram{{Layer: 0, Name: "alpha0", Histogram: h}}
	}
	for e := range 4 {
		a.ByEpisode = append(a.ByEpisode, analysis.Episode{Number: e, Values: map[string]measure.Number{
			"cosine": measure.Number(0.1 * float64(e)), "harmful": 0.5, "overlap": measure.Number(nan), "forgetting": 0.1}})
	}
	return a
}

// shown are the key figures of a page: text by name, and value by name.
func shown(page string) (text, value map[string][]string) {
	text, value = map[string][]string{}, map[string][]string{}
	for _, m := range regexp.MustCompile(`(?s)<data data-key="([^"]*)" value="([^"]*)"[^>]*>(.*?)</data>`).FindAllStringSubmatch(page, -1) {
		plain := html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(m[3], ""))
		text[m[1]], value[m[1]] = append(text[m[1]], plain), append(value[m[1]], m[2])
	}
	return text, value
}

// sameKeys asks that the page shows the key figures of the JSON, each at least once, and no others.
func sameKeys(t *testing.T, page string, doc []byte) {
	t.Helper()
	var d struct {
		KeyFigures []Key `json:"key_figures"`
	}
	if err := json.Unmarshal(doc, &d); err != nil {
		t.Fatal(err)
	}
	text, value := shown(page)
	if len(d.KeyFigures) < 4 || len(text) != len(d.KeyFigures) {
		t.Errorf("the page shows %d key figures, the JSON has %d", len(text), len(d.KeyFigures))
	}
	for _, k := range d.KeyFigures {
		raw, err := json.Marshal(k.Value)
		if err != nil {
			t.Fatal(err)
		}
		if len(text[k.ID]) == 0 {
			t.Errorf("%s is not in the page", k.ID)
		}
		for i := range text[k.ID] {
			if text[k.ID][i] != k.Text || value[k.ID][i] != strings.Trim(string(raw), `"`) {
				t.Errorf("%s: the page shows %q (%s), the JSON has %q (%s)", k.ID, text[k.ID][i], value[k.ID][i], k.Text, raw)
			}
		}
	}
}

func made(t *testing.T, d *Document, err error) map[string]string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	files, err := d.Files()
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for _, f := range files {
		m[f.Path] = string(f.Text)
	}
	if files[len(files)-1].Path != "report.html" {
		t.Errorf("the last file is %s, want the page", files[len(files)-1].Path)
	}
	return m
}

// selfContained asks that a page loads nothing.
func selfContained(t *testing.T, page string) {
	t.Helper()
	for _, m := range regexp.MustCompile(`(?:src|href|url)\s*[=(]\s*"?([^"\s)>]*)`).FindAllStringSubmatch(page, -1) {
		if l := m[1]; !strings.HasPrefix(l, "#") && !strings.HasPrefix(l, "figures/") && !strings.HasPrefix(l, "data:") && !strings.HasPrefix(l, "../seed-") {
			t.Errorf("the page refers to %s", l)
		}
	}
	for _, bad := range []string{"<script", "http://", "https://", "@import", "<link rel=\"stylesheet"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
}

// TestRun makes the report of a run with all that can go wrong in it.
func TestRun(t *testing.T) {
	d, err := NewRun(sineRun(t))
	files := made(t, d, err)
	page := files["report.html"]
	sameKeys(t, page, []byte(files["report.json"]))
	selfContained(t, page)
	for _, want := range []string{
		"oml&#39;s mean squared error less flp&#39;s: <data", "too few episodes to judge by: 3, where 20 are asked for", "Without 1 episode in which one of them diverged", "oml diverged in 1 of 4 held-out episodes", "of 4", "without 1 in which oml diverged",
		"prefers-color-scheme:dark", "metaplast &lt;test&gt;", "name: test-run", `id="figure-learning-curve"`, "NaN",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, id := range []string{"learning-curve", "predictions", "episode", "retention-curve", "retention", "harm", "interference", "first-order", "overlap", "alignment", "size", "feedback-angle", "rank", "plasticity", "strength"} {
		for _, format := range figure.Formats {
			if len(files["figures/"+id+"."+format]) < 500 {
				t.Errorf("no figure %s.%s", id, format)
			}
		}
	}
	for _, f := range d.figures() {
		if len(f.Caption) < 40 || f.Title == "" {
			t.Errorf("figure %s: title %q, caption %q", f.ID, f.Title, f.Caption)
		}
		for _, p := range f.Panels {
			if p.Tiles == nil && (p.X.Label == "" || p.Y.Label == "") {
				t.Errorf("figure %s, %s: axes %q and %q", f.ID, p.Title, p.X.Label, p.Y.Label)
			}
		}
	}
	again, err := NewRun(sineRun(t))
	if made(t, again, err)["report.html"] != page {
		t.Error("the same run gives another page")
	}
}

// TestRunWithout leaves out all that may be left out.
func TestRunWithout(t *testing.T) {
	r := sineRun(t)
	r.Analyses, r.Predictions = nil, nil
	d, err := NewRun(r)
	files := made(t, d, err)
	sameKeys(t, files["report.html"], []byte(files["report.json"]))
	r.Learners = r.Learners[:1]
	if _, err := NewRun(r); err == nil {
		t.Error("a run that lacks a learner is accepted")
	}
}

// TestJudge reads the comparison from its interval.
func TestJudge(t *testing.T) {
	r, c := sineRun(t), glyphsRun(t)
	for _, v := range []struct {
		n         int
		low, high float64
		loss      string // what a difference of losses says
		accuracy  string
	}{
		{20, 0.1, 0.2, "b does better", "a does better"},
		{20, -0.2, -0.1, "a does better", "b does better"},
		{20, -0.1, 0.2, "do not tell which does better", "do not tell which does better"},
		{20, nan, nan, "do not tell which does better", "do not tell which does better"},
		{19, 0.1, 0.2, "too few episodes to judge by: 19", "too few episodes to judge by: 19"},
		{3, -0.2, -0.1, "too few episodes to judge by: 3", "too few episodes to judge by: 3"},
	} {
		for what, got := range map[string]string{v.loss: r.judge("a", "b", "{k}", v.n, v.low, v.high), v.accuracy: c.judge("a", "b", "{k}", v.n, v.low, v.high)} {
			if v.loss != v.accuracy && strings.Contains(got, "accuracy") != (what == v.accuracy) {
				t.Errorf("%+v: %q", v, got)
			}
			if !strings.Contains(got, what) || v.n < enough && strings.Contains(got, "does better") {
				t.Errorf("%+v: %q, want %q", v, got, what)
			}
		}
	}
}

// TestReference asks that learners are compared with the first one, also where another has the best
// result, with few episodes judge nothing, and give the same numbers in page and JSON.
func TestReference(t *testing.T) {
	r := sineRun(t)
	var low, high []float64
	for i := range 30 {
		low, high = append(low, 0.1+float64(i%3)/100), append(high, 0.5+float64(i%5)/100)
	}
	for _, c := range []struct {
		losses [2][]float64
		want   string
	}{
		{[2][]float64{high, low}, "oml&#39;s mean squared error less flp&#39;s: <data"},
		{[2][]float64{high, low}, "oml does better."},
		{[2][]float64{low, high}, "oml&#39;s mean squared error less flp&#39;s: <data"},
		{[2][]float64{low, high}, "flp does better."},
		{[2][]float64{low[:19], high[:19]}, "too few episodes to judge by: 19"},
	} {
		for i := range r.Learners {
			r.Learners[i].Trained = evaluate.SummarizeLosses(r.Learners[i].Name, c.losses[i])
		}
		d, err := NewRun(r)
		files := made(t, d, err)
		page := files["report.html"]
		sameKeys(t, page, []byte(files["report.json"]))
		if !strings.Contains(page, c.want) || !strings.Contains(page, "compared with flp, the first of the configuration") {
			t.Errorf("no %q in the page", c.want)
		}
		if len(c.losses[0]) < 20 && strings.Contains(page, "does better.") {
			t.Error("judged from too few episodes")
		}
	}
}

// TestRetentionCurve asks for ticks and intervals: the figure is read by whether lines differ.
func TestRetentionCurve(t *testing.T) {
	for _, r := range []Run{sineRun(t), glyphsRun(t)} {
		f := r.byAge()
		factor := 1.0
		if r.Config.Task.Scoring().Accuracy {
			factor = 100
		}
		for _, l := range f.Panels[0].Lines {
			if len(l.Y) != 2 || l.Low == nil || l.Low[1] != factor*0.3 || l.Y[1] != factor*0.4 || l.High[1] != factor*0.5 {
				t.Errorf("%s: %+v, want 0.4 [0.3, 0.5] at age 1", l.Name, l)
			}
		}
		if len(f.Panels[0].Lines) != 2 || len(f.Panels[0].X.Categories) != 2 {
			t.Errorf("%d lines over %v", len(f.Panels[0].Lines), f.Panels[0].X.Categories)
		}
	}
}

// TestFill asks that a reference to nothing is an error.
func TestFill(t *testing.T) {
	d := &Document{Name: "x", Lead: "{nothing}"}
	if _, err := d.HTML(); err == nil || !strings.Contains(err.Error(), "{nothing}") {
		t.Errorf("have %v, want an error about {nothing}", err)
	}
}
