package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"metaplast/cmd/metaplast/figure"
	"metaplast/metaopt/analysis"
	"metaplast/metaopt/config"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
)

// browser finds Chromium, or skips the test. make test says beforehand that it will.
func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("there is no Chromium: pages are not looked at in a browser (Debian: apt-get install chromium)")
	return ""
}

// seen is what a browser makes of a page.
type seen struct {
	Scroll, Window int      // width of the page and of the window, in pixels
	Paper, Text    string   // colours
	Flat           int      // pictures without a size
	Cut            []string // open tables that have to be scrolled to the side, though two learners or sentences are all they show, or without their first column staying
	DOM            string   // what has become of the page
}

// frame is a page in a window of some width, for a reader of one of the colour schemes.
type frame struct {
	page   string
	width  int
	scheme string // light or dark
}

// around shows pages in frames, for a window of Chromium's cannot be as narrow as a telephone, and
// writes down what it sees. What a frame's element says of the colour scheme, the page in it takes for
// the reader's. The pages themselves run no script.
const around = `<!DOCTYPE html><body>%s
<pre></pre><script>addEventListener("load", () => {
document.querySelector("pre").textContent = JSON.stringify([...document.querySelectorAll("iframe")].map(f => {
const w = f.contentWindow, d = w.document, style = w.getComputedStyle(d.body)
return {Scroll: d.documentElement.scrollWidth, Window: w.innerWidth, Paper: style.backgroundColor, Text: style.color,
Flat: [...d.querySelectorAll("svg")].map(s => s.getBoundingClientRect()).filter(r => r.width < 5 || r.height < 5).length,
Cut: [...d.querySelectorAll(".scroll")].filter(e => !e.closest("details:not([open])") && e.scrollWidth > e.clientWidth &&
!(e.querySelectorAll("thead th").length > 3 && !e.matches(".prose") && w.getComputedStyle(e.querySelector("tbody th")).position == "sticky")).map(e => e.ariaLabel),
DOM: d.documentElement.outerHTML}}))})</script>`

// look shows pages to a browser. console is what it complains of.
func look(t *testing.T, frames ...frame) (list []seen, console []string) {
	t.Helper()
	program, dir := browser(t), t.TempDir()
	path := filepath.Join(dir, "page.html")
	var pages strings.Builder
	for _, f := range frames {
		fmt.Fprintf(&pages, `<iframe style="border:0;width:%dpx;height:900px;color-scheme:%s" srcdoc="%s"></iframe>`, f.width, f.scheme, html.EscapeString(f.page))
	}
	if err := os.WriteFile(path, fmt.Appendf(nil, around, pages.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if end, ok := t.Deadline(); ok { // so that a browser that hangs is not left behind
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, end.Add(-20*time.Second))
		defer cancel()
	}
	cmd := exec.CommandContext(ctx, program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
		"--user-data-dir="+filepath.Join(dir, "profile"),
		"--window-size=1400,1000", "--hide-scrollbars", "--enable-logging=stderr", "--dump-dom", "file://"+path)
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, log.String())
	}
	m := regexp.MustCompile(`(?s)<pre>(.+)</pre>`).FindStringSubmatch(out.String())
	if m == nil {
		t.Fatalf("the browser did not look at the pages:\n%.500s\n%s", out.String(), log.String())
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(m[1])), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != len(frames) {
		t.Fatalf("the browser saw %d pages, want %d", len(list), len(frames))
	}
	for line := range strings.Lines(log.String()) {
		if strings.Contains(line, "CONSOLE") {
			console = append(console, line)
		}
	}
	return list, console
}

// TestBrowser looks at a report of each kind, at the width of a desk and of a telephone, in both
// colour schemes: no complaint, no scrolling to the side, not of tables of two learners or of sentences either, every picture there, and key figures that
// are those of the JSON. One more page has all these faults, which must be found. All in one start of
// the browser, which takes seconds.
func TestBrowser(t *testing.T) {
	browser(t)
	document := func(r Run) map[string]string {
		d, err := NewRun(r)
		return made(t, d, err)
	}
	reports := []map[string]string{document(sineRun(t)), document(glyphsRun(t)), made(t, NewStudy(someStudy(), "study: some-study\n", nil, someSeeds()), nil)}
	frames := []frame{{`<!DOCTYPE html><body><svg width="0"></svg><p style="width:700px">wide</p><div class="scroll" style="width:9px;overflow-x:auto" aria-label="cut">table</div><script>console.error("complaint")</script>`, 375, "light"}}
	var docs []string
	for _, f := range reports {
		for _, scheme := range []string{"light", "dark"} {
			frames, docs = append(frames, frame{f["report.html"], 375, scheme}), append(docs, f["report.json"])
		}
		frames, docs = append(frames, frame{f["report.html"], 1200, "light"}), append(docs, f["report.json"])
	}
	list, console := look(t, frames...)
	if faulty := list[0]; faulty.Scroll <= faulty.Window || faulty.Flat != 1 || !slices.Equal(faulty.Cut, []string{"cut"}) {
		t.Errorf("have %+v, want a page wider than its window, a picture without a size, and a table that is cut off", faulty)
	}
	if len(console) != 1 || !strings.Contains(console[0], "complaint") {
		t.Errorf("console: %q, want the one complaint of the faulty page", console)
	}
	paper := map[string]string{"light": "rgb(255, 255, 255)", "dark": "rgb(22, 25, 28)"}
	for i, s := range list[1:] {
		f := frames[1+i]
		sameKeys(t, s.DOM, []byte(docs[i]))
		if s.Window != f.width || s.Scroll > s.Window {
			t.Errorf("report %d: %d pixels wide in a window of %d, which was to be %d", i, s.Scroll, s.Window, f.width)
		}
		if s.Flat > 0 {
			t.Errorf("report %d: %d pictures have no size", i, s.Flat)
		}
		if len(s.Cut) > 0 {
			t.Errorf("report %d: tables %q are cut off in a window of %d", i, s.Cut, f.width)
		}
		if s.Paper != paper[f.scheme] || s.Text == s.Paper {
			t.Errorf("report %d, %s: text %s on %s, want %s", i, f.scheme, s.Text, s.Paper, paper[f.scheme])
		}
	}
}

// glyphsRun is a run of classification.
func glyphsRun(t *testing.T) Run {
	t.Helper()
	c, err := config.Parse("test", []byte(`name: test-classes
task: {kind: glyphs, ways: 2, shots: 2, batch: 1, query: 2, size: 8}
network: {hidden: [6]}
learners:
  flp: {preset: flp, signal: target, clamped: true}
  oml: {preset: oml, inner_lr: 0.1}
meta: {steps: 40, batch: 2}
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := Run{Config: c, Step: 40, Split: "meta-test classes", Examples: &Examples{Classes: []string{"a", "b"}}}
	tile := figure.Tile{Width: 2, Height: 2, Gray: []uint8{0, 255, 255, 0}}
	for range 2 {
		r.Examples.Support = append(r.Examples.Support, []figure.Tile{tile, tile})
		r.Examples.Query = append(r.Examples.Query, []figure.Tile{tile, tile})
		r.Examples.Right = append(r.Examples.Right, [][]bool{{true, false}, {false, true}})
	}
	for i, l := range c.Learners {
		e := evaluate.SummarizeLosses(l.Name, []float64{0.4, 0.5 + float64(i)})
		e.Accuracies, e.Accuracy, e.AccuracyLow, e.AccuracyHigh = []float64{0.75, 0.5 + float64(i)/4}, 0.7, 0.6, 0.8
		r.Learners = append(r.Learners, Learner{Name: l.Name, Trained: e, Untrained: e,
			Curve: Curve{Steps: []int{1, 2}, Loss: []float64{1, nan}, Evals: []Eval{{Step: 0, Mean: 1, Low: 0.5, High: 1.5, Episodes: 2, Accuracy: &[3]float64{0.5, 0.4, 0.6}}}}})
		a := someAnalysis(l.Name, i)
		a.Loss, a.Accuracy, a.AccuracyBefore = "cross_entropy", measure.Table{{0.9, 0.5}, {0.7, 0.8}}, []float64{0.5, 0.5}
		r.Analyses = append(r.Analyses, a)
		r.Confusion = append(r.Confusion, analysis.Confusion{Learner: l.Name, Episodes: 2, Share: measure.Table{{0.75, 0.25, 0}, {0.5, 0.4, 0.1}}})
	}
	return r
}

// TestClassification makes the report of a run of classification.
func TestClassification(t *testing.T) {
	d, err := NewRun(glyphsRun(t))
	files := made(t, d, err)
	sameKeys(t, files["report.html"], []byte(files["report.json"]))
	for _, bad := range []string{"held-out accuracy", "held out (mean", "Lower is better."} {
		if strings.Contains(files["report.html"], bad) {
			t.Errorf("the page has %q of validation classes and accuracies", bad)
		}
	}
	text, _ := shown(files["report.html"])
	for key, unit := range map[string]string{"difference:oml-flp": " points", "flp.forgetting": " points", "flp.trained.accuracy": " %"} {
		if len(text[key]) == 0 || !strings.Contains(text[key][0], unit) {
			t.Errorf("%s is %q, want%s", key, text[key], unit)
		}
	}
	for _, want := range []string{"accuracy on validation classes (%)", "flp, validation classes (mean", "of an accuracy higher", "The numbers of the summary are those of meta-test classes", "accuracy: 0 % to 100 %", "share of answers: 0 % to 100 %",
		"classifies <data", "Guessing among the 2 classes", "meta-test classes", "figure-confusion", "figure-drawings", "right, ", "wrong"} {
		if !strings.Contains(files["report.html"], want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
