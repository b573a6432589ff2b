package report

import (
	"fmt"

	"metaplast/cmd/metaplast/figure"
	"metaplast/metaopt/analysis"
	"metaplast/metaopt/measure"
)

// interferenceSection shows how updates on one task act on others.
func (r Run) interferenceSection() Section {
	if r.Analyses == nil {
		return Section{}
	}
	s := Section{ID: "interference", Title: "How learning one task acts on others",
		Intro: fmt.Sprintf("At some points of the stream every task is asked: what would one inner step on its examples change? The weights are put back afterwards. Means over %s.", r.analysed())}
	s.Figures = append(s.Figures, r.harm(),
		r.pairs("interference", "Interference between tasks", "change of loss",
			"What an update on the examples of one task (row) does to the loss of another (column): L(W + ΔW) − L(W). Red: it harms, blue: it helps. The diagonal is other examples of the same task.",
			func(p analysis.Point) measure.Table { return p.Interference }),
		r.pairs("first-order", "Interference to first order", "change of loss, to first order",
			"The same as the slope of the loss tells: ∇L·ΔW. Where it differs from the figure above, the step is too long for the slope to tell what it does.",
			func(p analysis.Point) measure.Table { return p.FirstOrder }),
		r.pairs("overlap", "Overlap of updates", "cosine",
			"The cosine of the angle between the updates of two tasks. At 0 they change weights in unrelated directions and cannot undo each other; at −1 one undoes the other. The diagonal is between different examples of one task.",
			func(p analysis.Point) measure.Table { return p.Overlap }))
	return s
}

// harm is the course of interference over the stream.
func (r Run) harm() figure.Figure {
	f := figure.Figure{ID: "harm", Title: "Harm to other tasks along the stream",
		Caption: "First: the share of pairs of tasks in which an update on one raises the loss of the other; pale, what the slope of the loss (first order) predicts. Second: by how much the loss of the other changes on average; below 0 learning one task helps the others."}
	for i, n := range r.names() {
		f.Key = append(f.Key, figure.Entry{Name: n, Ink: i, Kind: figure.Marked}, figure.Entry{Name: n + ", first order", Ink: i, Kind: figure.Pale})
	}
	x := figure.Axis{Label: "inner steps done"}
	share := figure.Panel{Title: "share of harmful pairs", X: x, Y: figure.Axis{Label: "pairs of tasks (%)", Low: 0, High: 100}, Level: []float64{50}}
	change := figure.Panel{Title: "mean change of the other's loss", X: x, Y: figure.Axis{Label: "change of loss"}, Level: []float64{0}}
	for i, a := range r.Analyses {
		exact := figure.Line{Name: a.Learner, Ink: i, Kind: figure.Marked}
		first := figure.Line{Name: a.Learner + ", first order", Ink: i, Kind: figure.Pale}
		between := exact
		for _, p := range a.Points {
			at := float64(p.Step)
			exact.X, exact.Y = append(exact.X, at), append(exact.Y, 100*float64(p.Harmful))
			first.X, first.Y = append(first.X, at), append(first.Y, 100*float64(p.HarmfulFirst))
			between.X, between.Y = append(between.X, at), append(between.Y, float64(p.Between))
		}
		share.Lines = append(share.Lines, first, exact)
		change.Lines = append(change.Lines, between)
	}
	f.Panels = []figure.Panel{share, change}
	return f
}

// pairs are heat maps of a table at the start and at the end of the stream.
func (r Run) pairs(id, title, name, caption string, of func(analysis.Point) measure.Table) figure.Figure {
	f := figure.Figure{ID: id, Title: title, Columns: 2, Caption: caption + " Grey: not defined."}
	all := make([][][][]float64, 2)
	for _, a := range r.Analyses {
		for e, p := range ends(a.Points) {
			all[e] = append(all[e], of(p))
		}
	}
	ramps := [2]figure.Ramp{figure.SignedRamp(name+" at the start", all[0]...), figure.SignedRamp(name+" at the end", all[1]...)}
	f.Key = []figure.Entry{{Ramp: &ramps[0]}, {Ramp: &ramps[1]}}
	for _, a := range r.Analyses {
		for e, p := range ends(a.Points) {
			where, ramp := fmt.Sprintf("after %d inner steps", p.Step), ramps[e]
			if p.Step == 0 {
				where = "at the start"
			}
			f.Panels = append(f.Panels, figure.Panel{Title: a.Learner + ", " + where, X: figure.Axis{Label: "other task"},
				Y: figure.Axis{Label: "task of the update"}, Cells: &figure.Cells{Rows: numbers(a.Tasks), Columns: numbers(a.Tasks), Values: of(p), Ramp: ramp}})
		}
	}
	return f
}

// ends are the first and the last point, of which there are at least two.
func ends(p []analysis.Point) []analysis.Point {
	return []analysis.Point{p[0], p[len(p)-1]}
}
