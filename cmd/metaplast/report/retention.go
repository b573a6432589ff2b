package report

import (
	"fmt"

	"metaplast/cmd/metaplast/figure"
	"metaplast/metaopt/analysis"
)

// retentionSection shows what the stream leaves of each task.
func (r Run) retentionSection() Section {
	if r.Analyses == nil {
		return Section{}
	}
	s := Section{ID: "retention", Title: "What is kept while later tasks are learned",
		Intro: fmt.Sprintf("A task is one function or class of an episode. Means over %s.", r.analysed())}
	if f := r.byAge(); len(f.Panels[0].Lines) > 0 {
		s.Figures = append(s.Figures, f)
	}
	s.Figures = append(s.Figures, r.table())
	return s
}

// analysed says how many episodes the analysis has seen and lost.
func (r Run) analysed() string {
	s := plural(r.Analyses[0].Episodes, "held-out episode", "held-out episodes")
	for _, a := range r.Analyses {
		if a.Diverged > 0 {
			s += fmt.Sprintf("; without %d in which %s diverged", a.Diverged, a.Learner)
		}
	}
	return s
}

// kept is the table that retention is read from: accuracy for classification, else loss, and the
// same before the stream.
func kept(a analysis.Analysis) (rows [][]float64, before []float64) {
	if a.Accuracy != nil {
		return a.Accuracy, a.AccuracyBefore
	}
	return a.Retention, a.Before
}

// byAge is the mean over tasks, by how many were learned since.
func (r Run) byAge() figure.Figure {
	f := figure.Figure{ID: "retention-curve", Title: "Retention curve", Key: r.key(figure.Marked),
		Caption: "The " + r.score() + " on a task, by how many tasks were learned after it: at 0 right after its own turn. The mean over the tasks that reach that age, and over episodes with its 95 % confidence interval. A flat line forgets nothing."}
	p := figure.Panel{X: figure.Axis{Label: "tasks learned since"}, Y: figure.Axis{Label: "query loss (" + r.Config.Task.Scoring().Loss + ")", Log: true}, Wide: true}
	factor := 1.0
	if r.Config.Task.Scoring().Accuracy {
		p.Y, factor = figure.Axis{Label: "accuracy (%)", Low: 0, High: 100}, 100
	}
	for i, a := range r.Analyses {
		if len(a.ByAge) < 2 {
			continue
		}
		l := figure.Line{Name: a.Learner, Ink: i, Kind: figure.Marked, Diverged: true}
		for _, v := range a.ByAge {
			point(&l, v.Age, float64(v.Mean), float64(v.Low), float64(v.High), factor)
		}
		p.Lines = append(p.Lines, l)
	}
	if len(p.Lines) > 0 {
		for age := range p.Lines[0].X {
			p.X.Categories = append(p.X.Categories, fmt.Sprint(age))
		}
	}
	f.Panels = []figure.Panel{p}
	return f
}

// table shows the result on every task after every part of the stream.
func (r Run) table() figure.Figure {
	f := figure.Figure{ID: "retention", Title: "Every task after every part of the stream",
		Caption: "Read a column downwards: the " + r.score() + " on one task before the stream, and after each part of it. In a continual stream part k teaches task k: a column should change at the diagonal and stay so."}
	var all [][][]float64
	for _, a := range r.Analyses {
		rows, before := kept(a)
		all = append(all, append([][]float64{before}, rows...))
	}
	ramp := figure.LogRamp(r.score(), all...)
	if r.Config.Task.Scoring().Accuracy {
		ramp = figure.Ramp{Name: "accuracy", Low: 0, High: 1, Percent: true}
	}
	f.Key = []figure.Entry{{Ramp: &ramp}}
	for i, a := range r.Analyses {
		c := &figure.Cells{Values: all[i], Ramp: ramp}
		for k := range all[i] {
			c.Rows = append(c.Rows, fmt.Sprint(k))
		}
		c.Rows[0] = "before"
		c.Columns = numbers(len(a.Before))
		f.Panels = append(f.Panels, figure.Panel{Title: a.Learner, X: figure.Axis{Label: "task"}, Y: figure.Axis{Label: "after part of the stream"}, Cells: c})
	}
	return f
}

// numbers are the names of n tasks.
func numbers(n int) []string {
	var names []string
	for i := range n {
		names = append(names, fmt.Sprint(i+1))
	}
	return names
}
