package report

import (
	"bytes"
	"strings"
	"testing"

	"metaplast/metaopt/measure"
	"metaplast/metaopt/study"
)

// recovered is a study of two seeds, in which arms have coefficients of these planted values.
func recovered(planted ...[2]float64) study.Result {
	r := someStudy()
	for i := range r.Arms {
		for k, p := range planted {
			r.Arms[i].Coefficients = append(r.Arms[i].Coefficients, study.CoefficientResult{Name: []string{"theta_021", "theta_110"}[k],
				True: p[:], Found: measure.Numbers{p[0] + 0.25, p[1] - 0.125}, Error: 0.0625, Low: -2, High: 2})
		}
	}
	return r
}

// TestCoefficients: what was planted and found is shown, as bars where all seeds have one rule, else one
// against the other; other studies have none of it.
func TestCoefficients(t *testing.T) {
	same := NewStudy(recovered([2]float64{-1, -1}, [2]float64{0, 0}), "", nil, someSeeds())
	page := made(t, same, nil)["report.html"]
	for _, want := range []string{`id="figure-coefficients"`, "The rule that was planted", "Bars: the median over seeds", "theta_021", "−1.00"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for name, c := range map[string]struct {
		r    study.Result
		bars bool
	}{"one rule": {recovered([2]float64{-1, -1}, [2]float64{0, 0}), true}, "a rule for each seed": {recovered([2]float64{-1, 0}, [2]float64{0, 0.5}), false}} {
		f := studyReport{Result: c.r}.found()
		if len(f.Panels) != 2 || (len(f.Panels[0].Bars) == 2) != c.bars || (len(f.Panels[1].Lines) == 2) == c.bars {
			t.Errorf("%s: %+v", name, f.Panels)
		}
		files, err := StudyFiles(&c.r)
		if err != nil || len(files) != 2 || files[0].Name != "coefficients.svg" || !bytes.Contains(files[0].Text, []byte("<svg")) || files[1].Name != "coefficients.png" {
			t.Errorf("%s: %d files, %v", name, len(files), err)
		}
	}
	other := someStudy()
	if files, err := StudyFiles(&other); files != nil || err != nil {
		t.Errorf("%d files of a study without a rule, %v", len(files), err)
	}
	if page := made(t, NewStudy(other, "", nil, someSeeds()), nil)["report.html"]; strings.Contains(page, "figure-coefficients") {
		t.Error("a study without a rule shows coefficients")
	}
}
