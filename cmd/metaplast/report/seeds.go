package report

import (
	"fmt"
	"math"
	"slices"

	"metaplast/cmd/metaplast/figure"
	"metaplast/metaopt/measure"
	"metaplast/metaopt/study"
)

// Seed is one run of a study.
type Seed struct {
	Seed   uint64
	Curves map[string]Curve // by arm; nil if the run's metrics are not there
	Report Link             // the run's own report
}

// Link leads to another page, or names the command that makes it.
type Link struct {
	Name    string `json:"name"`
	Page    string `json:"page,omitempty"`    // relative to the page with the link; empty if there is none yet
	Command string `json:"command,omitempty"` // that makes it; empty if it is there
}

// seedCurve is how one arm trained over seeds.
type seedCurve struct {
	Arm    string          `json:"arm"`
	Steps  []int           `json:"meta_steps"`
	Median measure.Numbers `json:"median"` // over seeds, by step
	Least  measure.Numbers `json:"least"`
	Most   measure.Numbers `json:"most"`
	Seeds  []uint64        `json:"seeds"`
	Values measure.Table   `json:"values"` // [seed][step]
}

// curves returns those of the arms, and how many seeds have none. Of regression a value is the median
// loss over held-out episodes, one that diverged counting as +Inf, of classification the mean
// accuracy on validation classes.
func (s studyReport) curves() (list []seedCurve, without int, accuracy bool) {
	for _, a := range s.Arms {
		c := seedCurve{Arm: a.Name}
		without = 0
		for _, seed := range s.seeds {
			curve, ok := seed.Curves[a.Name]
			if !ok || len(curve.Evals) == 0 {
				without++
				continue
			}
			var steps []int
			var values []float64
			for _, e := range curve.Evals {
				v := e.Median
				if e.Accuracy != nil {
					v, accuracy = e.Accuracy[0], true
				}
				steps, values = append(steps, e.Step), append(values, v)
			}
			if c.Steps == nil {
				c.Steps = steps
			}
			if !slices.Equal(steps, c.Steps) { // a run that was measured at other steps tells nothing beside the others
				without++
				continue
			}
			c.Seeds, c.Values = append(c.Seeds, seed.Seed), append(c.Values, values)
		}
		for k := range c.Steps {
			var at []float64
			for _, row := range c.Values {
				at = append(at, row[k])
			}
			c.Median, c.Least, c.Most = append(c.Median, measure.Median(at)), append(c.Least, slices.Min(at)), append(c.Most, slices.Max(at))
		}
		if len(c.Values) > 0 {
			list = append(list, c)
		}
	}
	return list, without, accuracy
}

// training shows how the arms trained, and leads to the runs' own reports.
func (s studyReport) training(curves []seedCurve, without int, accuracy bool) Section {
	sec := Section{ID: "training", Title: "Meta-training over seeds"}
	for _, seed := range s.seeds {
		sec.Links = append(sec.Links, seed.Report)
	}
	if len(curves) == 0 {
		return sec
	}
	what := "the median over the same held-out episodes every time. Lower is better. A cross on the upper edge stands for an infinite median: most episodes diverged"
	y, factor := figure.Axis{Label: "median loss (MSE)", Log: true}, 1.0
	if accuracy {
		what = "the mean accuracy over the same episodes of validation classes every time, which neither training nor the meta-test uses. Higher is better"
		y, factor = figure.Axis{Label: "accuracy on validation classes (%)", Low: 0, High: 100}, 100
	}
	f := figure.Figure{ID: "training", Title: "Learning curves over seeds",
		Caption: "How well the arms learn within an episode, as meta-training goes on: " + what + ". First panel: the median over seeds, in a band from the least to the most of them. Others: an arm's seeds, pale, and their median."}
	if without > 0 {
		f.Caption += fmt.Sprintf(" Without %s whose metrics are not in the study's folder, or were taken at other meta-steps.", plural(without, "seed", "seeds"))
	}
	x := figure.Axis{Label: "meta-steps"}
	all := figure.Panel{Title: "all arms", X: x, Y: y, Wide: true}
	panels := []figure.Panel{}
	for i, c := range curves {
		ink := slices.IndexFunc(s.Arms, func(a study.ArmResult) bool { return a.Name == c.Arm })
		middle := figure.Line{Name: c.Arm + ", median [range]", Ink: ink, Diverged: true, X: floats(c.Steps), Y: times(c.Median, factor), Low: times(c.Least, factor), High: times(c.Most, factor)}
		all.Lines = append(all.Lines, middle)
		p := figure.Panel{Title: c.Arm, X: x, Y: y}
		for k, row := range c.Values {
			p.Lines = append(p.Lines, figure.Line{Name: fmt.Sprintf("seed %d", c.Seeds[k]), Ink: ink, Kind: figure.Pale, Diverged: true, X: middle.X, Y: times(row, factor)})
		}
		middle.Name, middle.Low, middle.High = "median", nil, nil
		p.Lines = append(p.Lines, middle)
		panels = append(panels, p)
		f.Key = append(f.Key, figure.Entry{Name: curves[i].Arm, Ink: ink})
	}
	if !accuracy { // one range, so that the panels compare
		low, high := math.Inf(1), 0.0
		for _, c := range curves {
			for _, row := range c.Values {
				for _, v := range row {
					if v > 1e-30 && v < 1e30 {
						low, high = min(low, v), max(high, v)
					}
				}
			}
		}
		if low < high {
			for i := range panels {
				panels[i].Y.Low, panels[i].Y.High = low/1.1, high*1.1
			}
			all.Y.Low, all.Y.High = low/1.1, high*1.1
		}
	}
	f.Panels = append([]figure.Panel{all}, panels...)
	sec.Figures = []figure.Figure{f}
	return sec
}

func floats(steps []int) []float64 {
	x := make([]float64, len(steps))
	for i, s := range steps {
		x[i] = float64(s)
	}
	return x
}

func times(values []float64, factor float64) []float64 {
	y := make([]float64, len(values))
	for i, v := range values {
		y[i] = factor * v
	}
	return y
}
