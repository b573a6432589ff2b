package report

import (
	"fmt"
	"slices"

	"metaplast/cmd/metaplast/figure"
	"metaplast/metaopt/analysis"
)

// parametersSection shows what the outer loop made of α and β, and how sparse activity is.
func (r Run) parametersSection() Section {
	s := Section{ID: "parameters", Title: "Plasticity, feedback strength and activity"}
	if f := r.strengths(); len(f.Panels[0].Lines) > 0 {
		s.Figures = append(s.Figures, f)
	}
	if r.Analyses == nil {
		return s
	}
	if f := r.histograms("plasticity", "Plasticities α", "share of synapses (%)",
		"How many synapses of an array have which plasticity: the factor on their change. 0 does not change at all; below 0 a synapse changes against its rule. Learners whose rate is a constant have none.",
		func(a analysis.Analysis) []analysis.Histogram { return a.Alpha }); len(f.Panels) > 0 {
		s.Figures = append([]figure.Figure{f}, s.Figures...)
	}
	s.Tables = append(s.Tables, r.activity())
	return s
}

// histograms has a panel for each array.
func (r Run) histograms(id, title, unit, caption string, of func(analysis.Analysis) []analysis.Histogram) figure.Figure {
	f := figure.Figure{ID: id, Title: title, Caption: caption}
	var names []string
	for _, a := range r.Analyses {
		for _, h := range of(a) {
			if !slices.Contains(names, h.Name) {
				names = append(names, h.Name)
			}
		}
	}
	for _, name := range names {
		p := figure.Panel{X: figure.Axis{Label: title}, Y: figure.Axis{Label: unit}}
		for i, a := range r.Analyses {
			for _, h := range of(a) {
				if h.Name == name {
					p.Title = r.layer(h.Layer) + ": " + h.Name
					p.Lines = append(p.Lines, bars(a.Learner, i, h))
				}
			}
		}
		f.Panels = append(f.Panels, p)
	}
	for i, a := range r.Analyses {
		if len(of(a)) > 0 {
			f.Key = append(f.Key, figure.Entry{Name: a.Learner, Ink: i, Kind: figure.Steps})
		}
	}
	return f
}

// bars is a histogram in percent.
func bars(name string, ink int, h analysis.Histogram) figure.Line {
	l := figure.Line{Name: name, Ink: ink, Kind: figure.Steps}
	total := h.Below + h.Above
	for _, n := range h.Counts {
		total += n
	}
	for i, n := range h.Counts {
		l.X, l.Y = append(l.X, h.Edge(i)), append(l.Y, 100*float64(n)/float64(total))
	}
	l.X = append(l.X, h.High)
	return l
}

// strengths are the β of the layers, of which there is one each.
func (r Run) strengths() figure.Figure {
	f := figure.Figure{ID: "strength", Title: "Feedback strengths β",
		Caption: "How much of a layer's postsynaptic activity, as its rule sees it, is feedback: β·feedback + (1 − β)·own activity. At 0 the rule sees no feedback, at 1 nothing else. Learners whose strength is no parameter have none."}
	p := figure.Panel{X: figure.Axis{Label: "layer"}, Y: figure.Axis{Label: "strength β"}, Level: []float64{0, 1}, Wide: true}
	var layers []int
	for _, l := range r.Learners {
		for k := range l.Strength {
			if !slices.Contains(layers, k) {
				layers = append(layers, k)
			}
		}
	}
	slices.Sort(layers)
	for _, k := range layers {
		p.X.Categories = append(p.X.Categories, fmt.Sprintf("W%d", k))
	}
	for i, l := range r.Learners {
		if len(l.Strength) == 0 {
			continue
		}
		line := figure.Line{Name: l.Name, Ink: i, Kind: figure.Marked, Diverged: true}
		for x, k := range layers {
			if v, ok := l.Strength[k]; ok {
				line.X, line.Y = append(line.X, float64(x)), append(line.Y, v)
			}
		}
		p.Lines = append(p.Lines, line)
		f.Key = append(f.Key, figure.Entry{Name: l.Name, Ink: i, Kind: figure.Marked})
	}
	f.Panels = []figure.Panel{p}
	return f
}

// activity tells how sparse layers are.
func (r Run) activity() Table {
	t := Table{Title: "Activity at the end of an episode", Head: []string{"layer", "learner", "units", "zeros", "sparsity (0 to 1)", "dead units"},
		Note: "Zeros: the share of activities that are exactly 0. Sparsity: Hoyer's, 0 where all units are equally active, 1 where one is active alone. Dead: 0 for every query of an episode."}
	for _, a := range r.Analyses {
		for _, v := range a.Activity {
			t.Rows = append(t.Rows, []string{r.layer(v.Layer), a.Learner, fmt.Sprint(v.Units), figure.Percent(float64(v.Zeros)),
				figure.Number(float64(v.Hoyer)), figure.Number(float64(v.Dead))})
		}
	}
	return t
}
