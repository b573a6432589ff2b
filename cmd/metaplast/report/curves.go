package report

import (
	"fmt"
	"math"

	"metaplast/cmd/metaplast/figure"
	"metaplast/data"
	"metaplast/graph"
	"metaplast/metaopt/measure"
)

// The training loss is smoothed in at most this many windows, of at least least meta-steps where
// there are enough for ten.
const (
	windows = 60
	least   = 25
)

// LearningCurve is the figure of how learners trained.
//
//	names      [learners]
//	curves     [learners]  see Curve
//	scoring    what the loss is, whether there are accuracies beside it, and what was measured on
//
// The training loss is shown as medians in windows: a mean would follow the few episodes with a
// huge loss.
func LearningCurve(name string, names []string, curves []Curve, scoring data.Scoring) figure.Figure {
	unit, on, episodes, better := scoring.Loss, "held out", "held-out episodes", "Lower is better."
	if name := scoring.Splits[scoring.Watched]; name != "" && scoring.Watched != data.HeldOut {
		on = name
		episodes = "episodes of " + on + ", which neither training nor the meta-test uses,"
	}
	if scoring.Accuracy {
		better = "Of a loss lower is better, of an accuracy higher."
	}
	f := figure.Figure{ID: "learning-curve", Title: name + ": learning curve",
		Caption: "How well the learners learn within an episode, as meta-training goes on. Thin: the loss at the end of training episodes, as the median of " +
			"some successive meta-steps. Marks: the mean over the same " + episodes + " every time, with its 95 % confidence interval. " +
			better + " A cross on the upper edge stands for a loss that is not a number, infinite, or beyond 10³⁰: all episodes there diverged."}
	loss := figure.Panel{X: figure.Axis{Label: "meta-steps"}, Y: figure.Axis{Label: "query loss (" + unit + ")", Log: true}, Wide: true,
		Empty: "no meta-step has been logged"}
	right := figure.Panel{X: figure.Axis{Label: "meta-steps"}, Y: figure.Axis{Label: "accuracy on validation classes (%)", Low: 0, High: 100}, Wide: true,
		Empty: "no evaluation has been logged"}
	for i, c := range curves {
		if line := smooth(names[i]+", training (median)", i, c); len(line.X) > 0 {
			loss.Lines = append(loss.Lines, line)
		}
		held := figure.Line{Name: names[i] + ", " + on + " (mean, 95 % interval)", Ink: i, Kind: figure.Marked, Diverged: true}
		accurate := held
		for _, e := range c.Evals {
			point(&held, e.Step, e.Mean, e.Low, e.High, 1)
			if e.Accuracy != nil {
				point(&accurate, e.Step, e.Accuracy[0], e.Accuracy[1], e.Accuracy[2], 100)
			}
		}
		if len(held.X) > 0 {
			loss.Lines = append(loss.Lines, held)
		}
		if len(accurate.X) > 0 {
			right.Lines = append(right.Lines, accurate)
		}
	}
	for _, l := range loss.Lines {
		f.Key = append(f.Key, figure.Entry{Name: l.Name, Ink: l.Ink, Kind: l.Kind})
	}
	f.Panels = []figure.Panel{loss}
	if scoring.Accuracy {
		f.Panels = append(f.Panels, right)
	}
	return f
}

// point adds a point with its interval, all times a factor.
func point(l *figure.Line, x int, y, low, high, factor float64) {
	l.X, l.Y = append(l.X, float64(x)), append(l.Y, factor*y)
	l.Low, l.High = append(l.Low, factor*low), append(l.High, factor*high)
}

// smooth gives the median loss in windows of equal length, at their middle.
func smooth(name string, ink int, c Curve) figure.Line {
	line := figure.Line{Name: name, Ink: ink, Kind: figure.Pale, Diverged: true}
	width := max(1, (len(c.Steps)+windows-1)/windows, min(least, len(c.Steps)/10))
	for from := 0; from < len(c.Steps); from += width {
		to := min(from+width, len(c.Steps))
		line.X = append(line.X, float64(c.Steps[from]+c.Steps[to-1])/2)
		line.Y = append(line.Y, measure.Median(c.Loss[from:to]))
	}
	return line
}

// curvesSection is how the learners trained.
func (r Run) curvesSection() Section {
	curves := make([]Curve, len(r.Learners))
	t := Table{Title: "Evaluations that lost episodes", Head: []string{"learner", "meta-step", "diverged"}}
	for i, l := range r.Learners {
		curves[i] = l.Curve
		for _, e := range l.Curve.Evals {
			if e.Diverged > 0 {
				t.Rows = append(t.Rows, []string{l.Name, fmt.Sprint(e.Step), fmt.Sprintf("%d of %d", e.Diverged, e.Episodes)})
			}
		}
	}
	f := LearningCurve(r.Config.Name, r.names(), curves, r.Config.Task.Scoring())
	f.Title = "Learning curve"
	if r.Split != "" {
		f.Caption += fmt.Sprintf(" The numbers of the summary are those of %s.", r.Split)
	}
	f.Caption += r.outerLoss()
	s := Section{ID: "training", Title: "Meta-training", Figures: []figure.Figure{f}}
	if len(t.Rows) > 0 {
		s.Tables = []Table{t}
	}
	return s
}

// outerLoss says what training episodes are judged by, where that is not the loss on the query set alone.
func (r Run) outerLoss() (s string) {
	if o := graph.Objective(r.Config.Meta.OuterLoss); o != (graph.Objective{}) {
		s = " That of training episodes is the outer loss: " + o.Text() + "."
	}
	for _, l := range r.Config.Learners {
		if l.RulePenalty > 0 {
			s += fmt.Sprintf(" In that of %s is the penalty on coefficients of its rule, %v Σ|θ|.", l.Name, l.RulePenalty)
		}
	}
	return s
}

// key is that of learners' lines.
func (r Run) key(kind figure.Kind) []figure.Entry {
	var list []figure.Entry
	for i, n := range r.names() {
		list = append(list, figure.Entry{Name: n, Ink: i, Kind: kind})
	}
	return list
}

// defined reports whether any of the numbers is not NaN.
func defined(values []float64) bool {
	for _, v := range values {
		if !math.IsNaN(v) {
			return true
		}
	}
	return false
}
