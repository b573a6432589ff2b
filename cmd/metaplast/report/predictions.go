package report

import (
	"fmt"
	"math"
	"strings"

	"metaplast/cmd/metaplast/figure"
)

// Predictions are what regressors predict for the functions of one held-out episode.
type Predictions struct {
	X         []float64     // where
	True      [][]float64   // [function][x]
	Untaught  [][][]float64 // [learner][function][x] at the start of the episode
	Taught    [][][]float64 // [learner][function][x] right after the function was taught; nil where functions are mixed
	End       [][][]float64 // [learner][function][x] at the end
	Functions []int         // which of the episode's, from 0
	Of        int           // functions of the episode
	Axis      string        // what X is
}

// predictionsSection shows predictions over the stream of an episode.
func (r Run) predictionsSection() Section {
	p := r.Predictions
	if p == nil {
		return Section{}
	}
	f := figure.Figure{ID: "predictions", Title: "Predictions against the true functions",
		Caption: "One held-out episode, function by function. Black: the true function. Strong: what a learner predicts at the end of the stream. "}
	if p.Taught != nil {
		f.Caption += "Pale: what it predicted right after that function was taught. Where the strong line has left the pale one, later functions have overwritten it. "
	}
	f.Caption += "A line that leaves the panel predicts values beyond it; one that is missing has diverged."
	f.Key = append([]figure.Entry{{Name: "true function", Kind: figure.Plain}}, r.key(figure.Solid)...)
	most := 0.0
	for _, row := range p.True {
		for _, v := range row {
			most = max(most, math.Abs(v))
		}
	}
	for k, j := range p.Functions {
		panel := figure.Panel{Title: fmt.Sprintf("function %d of %d", j+1, p.Of),
			X: figure.Axis{Label: p.Axis}, Y: figure.Axis{Label: "output y", Low: -1.5 * most, High: 1.5 * most}}
		panel.Lines = append(panel.Lines, figure.Line{Name: "true function", Kind: figure.Plain, X: p.X, Y: p.True[k]})
		for i, name := range r.names() {
			if p.Taught != nil {
				panel.Lines = append(panel.Lines, figure.Line{Name: name + ", just taught", Ink: i, Kind: figure.Pale, X: p.X, Y: p.Taught[i][k]})
			}
			panel.Lines = append(panel.Lines, figure.Line{Name: name + ", at the end", Ink: i, X: p.X, Y: p.End[i][k]})
		}
		f.Panels = append(f.Panels, panel)
	}
	return Section{ID: "predictions", Title: "What the learners predict", Figures: []figure.Figure{f, r.stream()}}
}

// stream shows the error on each function as the stream goes by, in the same episode.
func (r Run) stream() figure.Figure {
	p := r.Predictions
	f := figure.Figure{ID: "episode", Title: "Error in this episode",
		Caption: "The mean squared error of the same predictions, over inputs from " + number(p.X[0]) + " to " + number(p.X[len(p.X)-1]) + ": at the start of the episode, right after the function was taught, and at the end of the stream. Lower is better. A cross marks a prediction that is not finite.",
		Key:     r.key(figure.Marked)}
	stages := []struct {
		title string
		of    [][][]float64
	}{{"at the start", p.Untaught}, {"just taught", p.Taught}, {"at the end", p.End}}
	var names []string
	for _, j := range p.Functions {
		names = append(names, fmt.Sprint(j+1))
	}
	var all [][][]float64
	for _, s := range stages {
		if s.of == nil {
			continue
		}
		panel := figure.Panel{Title: s.title, X: figure.Axis{Label: "function, in the order of the stream", Categories: names},
			Y: figure.Axis{Label: "mean squared error", Log: true}}
		for i, name := range r.names() {
			l := figure.Line{Name: name, Ink: i, Kind: figure.Marked, Diverged: true}
			for k := range p.Functions {
				l.X, l.Y = append(l.X, float64(k)), append(l.Y, squared(s.of[i][k], p.True[k]))
			}
			all = append(all, [][]float64{l.Y})
			panel.Lines = append(panel.Lines, l)
		}
		f.Panels = append(f.Panels, panel)
	}
	ramp := figure.LogRamp("", all...)
	for i := range f.Panels { // one range, so that the panels compare
		f.Panels[i].Y.Low, f.Panels[i].Y.High = ramp.Low/1.2, ramp.High*1.2
	}
	return f
}

// squared is the mean squared difference.
func squared(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += (v - b[i]) * (v - b[i])
	}
	return sum / float64(len(a))
}

// number shows a bound of the inputs with a true minus sign.
func number(x float64) string { return strings.Replace(fmt.Sprint(x), "-", "−", 1) }
