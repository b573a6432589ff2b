package report

import (
	"fmt"
	"slices"

	"metaplast/cmd/metaplast/figure"
	"metaplast/metaopt/run"
	"metaplast/metaopt/study"
)

// StudyFiles draws the coefficients of a study that plants a rule, a function of its result alone; of
// others it draws nothing.
func StudyFiles(r *study.Result) ([]run.File, error) {
	f := studyReport{Result: *r}.found()
	if len(f.Panels) == 0 {
		return nil, nil
	}
	var files []run.File
	for _, format := range figure.Formats {
		text, err := f.File(format)
		if err != nil {
			return nil, err
		}
		files = append(files, run.File{Name: f.ID + "." + format, Text: text})
	}
	return files, nil
}

// coefficients are those of the rules that were to be found; nothing where none was.
func (s studyReport) coefficients() Section {
	sec := Section{ID: "coefficients", Title: "The rule that was planted, and what was found"}
	f := s.found()
	if len(f.Panels) == 0 {
		return sec
	}
	t := Table{Title: "Coefficients, found − planted, over seeds with 95 % confidence intervals", Head: []string{"coefficient", "planted"}}
	var arms []study.ArmResult
	for _, a := range s.Arms {
		if len(a.Coefficients) > 0 {
			arms, t.Head = append(arms, a), append(t.Head, a.Name)
		}
	}
	for k, c := range arms[0].Coefficients {
		planted := figure.Number(c.True[0])
		if !c.Fixed() {
			planted = "with some seeds"
		}
		row := []string{c.Name, planted}
		for _, a := range arms {
			if k >= len(a.Coefficients) {
				row = append(row, "")
				continue
			}
			e := a.Coefficients[k]
			row = append(row, s.d.key(newKey(a.Name+"."+c.Name, c.Name+" of "+a.Name+", found minus planted", float64(e.Error), float64(e.Low), float64(e.High), plain)))
		}
		t.Rows = append(t.Rows, row)
	}
	sec.Figures, sec.Tables = []figure.Figure{f}, []Table{t}
	return sec
}

// found shows the coefficients of each arm: as bars where all seeds have one planted rule, else found
// against planted.
func (s studyReport) found() figure.Figure {
	f := figure.Figure{ID: "coefficients", Title: fmt.Sprintf("%s: coefficients of the rule, planted and found", s.Study)}
	fixed := true
	for i, a := range s.Arms {
		if len(a.Coefficients) == 0 {
			continue
		}
		fixed = fixed && !slices.ContainsFunc(a.Coefficients, func(c study.CoefficientResult) bool { return !c.Fixed() })
		f.Key = append(f.Key, figure.Entry{Name: a.Name + ", found", Ink: i, Kind: figure.Steps})
	}
	for i, a := range s.Arms {
		if len(a.Coefficients) == 0 {
			continue
		}
		p := figure.Panel{Title: a.Name, X: figure.Axis{Label: "coefficient"}, Y: figure.Axis{Label: "of pre, post, weight to these powers"}}
		if fixed {
			for _, c := range a.Coefficients {
				p.Bars = append(p.Bars, figure.Bar{Name: c.Name, Ink: i, Values: c.Found, True: c.True[:1]})
			}
			f.Panels = append(f.Panels, p)
			continue
		}
		p.X.Label, p.Y.Label = "planted", "found"
		dots := figure.Line{Name: a.Name, Ink: i, Kind: figure.Dots, Diverged: true}
		for _, c := range a.Coefficients {
			dots.X, dots.Y = append(dots.X, c.True...), append(dots.Y, c.Found...)
		}
		p.Lines = []figure.Line{{Name: "found = planted", Kind: figure.Plain, X: []float64{-1, 1}, Y: []float64{-1, 1}}, dots}
		f.Panels = append(f.Panels, p)
	}
	if len(f.Panels) == 0 {
		return f
	}
	f.Key = append(f.Key, figure.Entry{Name: "planted", Kind: figure.Plain})
	f.Caption = "Bars: the median over seeds; rings: single seeds, with a line from the 5th to the 95th percentile; black lines: the planted value, 0 where the rule does not have the term. theta_abc is the coefficient of pre^a · post^b · weight^c."
	if !fixed {
		f.Caption = "Every coefficient of every seed, each of which has a rule of its own. On the line it is found; those at planted = 0 are terms that the rule does not have."
		for i := range f.Key {
			if f.Key[i].Kind == figure.Steps {
				f.Key[i].Kind = figure.Dots
			}
		}
	}
	return f
}
